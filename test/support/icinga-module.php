<?php
/**
 * What the module puts into a page of Icinga Web, without an Icinga Web: one JSON on standard input says whom it is for,
 * standard output has the HTML. Only what the module asks of Icinga Web is made up; Guzzle is the one it runs with.
 */

namespace Icinga\Authentication {
    class Auth
    {
        public static $case = [];

        public static function getInstance(): self
        {
            return new self();
        }

        public function hasPermission(string $permission): bool
        {
            return in_array($permission, self::$case['permissions'] ?? ['dotm/view'], true);
        }

        public function getRestrictions(string $restriction): array
        {
            return self::$case['restrictions'][$restriction] ?? [];
        }

        public function getUser()
        {
            return null;
        }
    }
}

namespace Icinga\Application {
    class Logger
    {
        public static function warning(): void
        {
        }
    }

    class Config
    {
    }
}

namespace {
    require '/usr/share/icinga-php/vendor/vendor/autoload.php';

    function mt(string $module, string $text): string
    {
        return $text;
    }

    foreach (['Settings', 'PictureMissing', 'PictureNotAsked', 'Silence', 'Picture', 'Block'] as $class) {
        require __DIR__ . "/../../nagios/icingaweb2/dotm/library/Dotm/$class.php";
    }
    $case = json_decode(stream_get_contents(STDIN), true);
    \Icinga\Authentication\Auth::$case = $case;
    $settings = new \Icinga\Module\Dotm\Settings($case['settings']);
    echo (new \Icinga\Module\Dotm\Block($settings))->ofObject('web01', null);
}
