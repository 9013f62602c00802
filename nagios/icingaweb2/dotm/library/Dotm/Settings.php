<?php

namespace Icinga\Module\Dotm;

use Icinga\Application\Config;
use Icinga\Authentication\Auth;

/** What modules/dotm/config.ini says, section [dotm]: url, internal_url, site, token, mode (svg, iframe), timeout in seconds. */
final class Settings
{
    /** @var array<string, string> */
    private $values;

    /** @param array<string, string|null> $values */
    public function __construct(array $values)
    {
        $this->values = array_filter($values, 'strlen');
    }

    public static function stored(): self
    {
        return new self(Config::module('dotm')->getSection('dotm')->toArray());
    }

    public static function isAddress(string $url): bool
    {
        $parts = parse_url($url);
        return is_array($parts)
            && in_array($parts['scheme'] ?? '', ['http', 'https'], true)
            && ($parts['host'] ?? '') !== ''
            && array_intersect_key($parts, ['user' => 1, 'pass' => 1, 'query' => 1, 'fragment' => 1]) === [];
    }

    /** Where browsers find DOTM, without a slash at the end; empty where nobody has said so yet. */
    public function url(): string
    {
        $url = rtrim($this->values['url'] ?? '', '/');
        return self::isAddress($url) ? $url : '';
    }

    /** Scheme, host and port of that, as policies for frames name it. */
    public function origin(): string
    {
        return preg_replace('~^(https?://[^/]+).*$~', '$1', $this->url());
    }

    /** Where this server finds DOTM. */
    public function internalUrl(): string
    {
        $url = rtrim($this->values['internal_url'] ?? '', '/');
        return self::isAddress($url) ? $url : $this->url();
    }

    public function token(): ?string
    {
        return $this->values['token'] ?? null;
    }

    public function showsFrame(): bool
    {
        return ($this->values['mode'] ?? 'svg') === 'iframe';
    }

    /** Seconds. */
    public function timeout(): float
    {
        return min(10.0, max(0.5, (float) ($this->values['timeout'] ?? 2)));
    }

    /** Parameters of DOTM's pages for a host, one of its services, or the site; with the colours of the user's theme. */
    public function query(?string $host, ?string $service): string
    {
        $site = $this->values['site'] ?? null;
        $parameters = array_filter(
            ['host' => $host, 'srv' => $service, 'site' => $site, 'theme' => self::theme()],
            static function (?string $value): bool {
                return $value !== null && $value !== '';
            }
        );
        return http_build_query($parameters, '', '&', PHP_QUERY_RFC3986);
    }

    /** Icinga Web's modes are dark (no preference, or “none”), light, and what the system has. */
    private static function theme(): string
    {
        $user = Auth::getInstance()->getUser();
        $mode = $user === null ? '' : $user->getPreferences()->getValue('icingaweb', 'theme_mode', '');
        return ['light' => 'light', 'system' => 'auto'][$mode] ?? 'dark';
    }
}
