<?php

namespace Icinga\Module\Dotm;

use Icinga\Application\Logger;
use Icinga\Authentication\Auth;

/** What the module puts into a page: the picture, or a frame with it, and the way to DOTM. */
final class Block
{
    /** @var Settings */
    private $settings;

    public function __construct(Settings $settings)
    {
        $this->settings = $settings;
    }

    /** HTML for the page of a host or of one of its services; empty for users who may not see the map. */
    public function ofObject(string $host, ?string $service): string
    {
        if (! Auth::getInstance()->hasPermission('dotm/view')) {
            return '';
        }
        $shown = self::seesAllHosts()
            ? $this->shown($host, $service)
            : $this->missing(mt('dotm', 'The picture names hosts that you may not see. The permission dotm/map shows it.'));
        return '<h2>' . $this->text(mt('dotm', 'Trouble Map')) . '</h2>' . $shown;
    }

    /** Whether the user may see every host, or what depends on one although that is another. */
    private static function seesAllHosts(): bool
    {
        $auth = Auth::getInstance();
        $filters = ['monitoring/filter/objects', 'icingadb/filter/objects', 'icingadb/filter/hosts', 'icingadb/filter/services'];
        foreach ($filters as $filter) {
            if (array_diff($auth->getRestrictions($filter), ['', '*']) !== []) {
                return $auth->hasPermission('dotm/map');
            }
        }
        return true;
    }

    /** HTML for the page of the site. */
    public function ofSite(): string
    {
        return $this->shown(null, null);
    }

    private function shown(?string $host, ?string $service): string
    {
        return '<div class="dotm">'
            . ($this->settings->showsFrame() && $this->settings->url() !== ''
                ? $this->frame($host, $service)
                : $this->picture($host, $service))
            . $this->wayOut($host, $service)
            . '</div>';
    }

    private function frame(?string $host, ?string $service): string
    {
        return sprintf(
            '<iframe class="dotm-frame" src="%s" title="%s" sandbox="%s"></iframe>',
            $this->text($this->page($host === null ? '/embed/map' : '/embed/graph', $host, $service)),
            $this->text($this->name($host, $service)),
            'allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox'
        );
    }

    private function picture(?string $host, ?string $service): string
    {
        try {
            $svg = Picture::fetch($this->settings, $host, $service)->svg();
        } catch (PictureNotAsked $e) {
            return $this->missing($e->getMessage());
        } catch (PictureMissing $e) {
            Logger::warning('dotm: %s', $e->getMessage());
            return $this->missing($e->getMessage());
        }
        return '<div class="dotm-picture" tabindex="0" role="region" aria-label="'
            . $this->text($this->name($host, $service)) . '">' . $svg . '</div>';
    }

    private function missing(string $why): string
    {
        return '<p class="dotm-missing">' . $this->text($why) . '</p>';
    }

    private function wayOut(?string $host, ?string $service): string
    {
        if ($this->settings->url() === '') {
            return '';
        }
        return sprintf(
            '<p class="dotm-open"><a href="%s" target="_blank" rel="noopener">%s</a></p>',
            $this->text($this->page($host === null ? '/' : '/graph', $host, $service)),
            $this->text(mt('dotm', 'Open in DOTM'))
        );
    }

    private function page(string $path, ?string $host, ?string $service): string
    {
        return $this->settings->url() . $path . '?' . $this->settings->query($host, $service);
    }

    private function name(?string $host, ?string $service): string
    {
        if ($host === null) {
            return mt('dotm', 'Trouble map of the site');
        }
        return sprintf(mt('dotm', 'Trouble map of %s'), $service === null ? $host : "$host / $service");
    }

    private function text(string $text): string
    {
        return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
    }
}
