<?php

namespace Icinga\Module\Dotm;

/**
 * That DOTM has just left somebody without an answer, as all workers of this server know it together: for a while none
 * of them waits for it again, then one asks, and the others do not wait for that either.
 *
 * It is nothing but the age of an empty file, in a folder that nobody else may write. Where there can be none, DOTM is asked each time.
 */
final class Silence
{
    /** Seconds; pages of Icinga Web refresh themselves every ten. */
    private const PAUSE = 30;

    /** @var string|null */
    private $file;

    /** @var resource|null Locked while this one asks. */
    private $turn;

    public function __construct(string $url)
    {
        $folder = self::folder();
        $this->file = $folder === null ? null : $folder . '/' . sha1($url);
    }

    /** Seconds until DOTM is asked again; 0 where this one may ask, and then others may not as long as it is there. */
    public function secondsLeft(): int
    {
        $left = $this->left();
        if ($left !== 0) {
            return $left ?? 0;
        }
        $turn = @fopen($this->file, 'r');
        if ($turn === false) {
            return 0;
        }
        // A file system without locks lets several ask, instead of none.
        if (! flock($turn, LOCK_EX | LOCK_NB, $taken) && $taken === 1) {
            return 1;
        }
        $this->turn = $turn;
        // Since the first look, another one may have asked in vain.
        return $this->left() ?? 0;
    }

    public function begin(): void
    {
        if ($this->file === null) {
            return;
        }
        if ($this->left() !== null) {
            @touch($this->file);
            return;
        }
        @unlink($this->file);
        $made = @fopen($this->file, 'x');
        if ($made !== false) {
            fclose($made);
        }
    }

    public function end(): void
    {
        if ($this->file !== null) {
            @unlink($this->file);
        }
    }

    /** Seconds that are left of the pause, 0 once it is over; null where DOTM is not known to be silent. */
    private function left(): ?int
    {
        $known = $this->file === null ? false : self::look($this->file);
        if ($known === false || ($known['mode'] & 0170000) !== 0100000) {
            return null;
        }
        $left = $known['mtime'] + self::PAUSE - time();
        // More than the whole: the clock was set back.
        return $left > self::PAUSE ? 0 : max(0, $left);
    }

    /** A folder of this user's own, made where it is missing; null where somebody else could write there. */
    private static function folder(): ?string
    {
        // The extension posix, which would name the user, is not everywhere.
        $own = @tmpfile();
        if ($own === false) {
            return null;
        }
        $user = fstat($own)['uid'];
        $folder = sys_get_temp_dir() . "/icingaweb2-dotm-$user";
        @mkdir($folder, 0700);
        $known = self::look($folder);
        return $known !== false && ($known['mode'] & 0170077) === 0040000 && $known['uid'] === $user ? $folder : null;
    }

    /** @return array<string, int>|false What lies at a path itself, not where it may lead. */
    private static function look(string $path)
    {
        clearstatcache(true, $path);
        return @lstat($path);
    }
}
