<?php

namespace Icinga\Module\Dotm;

use DOMDocument;
use DOMElement;
use DOMXPath;
use GuzzleHttp\Client;
use GuzzleHttp\Exception\GuzzleException;

/** A picture drawn by DOTM, made safe to stand within a page: its links lead to DOTM, and nothing in it runs. */
final class Picture
{
    /** Bytes; DOTM's own pictures stay below a tenth of it. */
    private const MOST = 4000000;

    /** @var DOMElement */
    private $root;

    private function __construct(DOMElement $root)
    {
        $this->root = $root;
    }

    /**
     * The picture of a host, of one of its services, or of the site where no host is given.
     *
     * @throws PictureMissing where DOTM is away, refuses, or answers something else
     */
    public static function fetch(Settings $settings, ?string $host = null, ?string $service = null): self
    {
        if ($settings->url() === '') {
            throw new PictureMissing(mt('dotm', 'Nobody has said yet where DOTM is: Configuration, Modules, dotm.'));
        }
        $query = $settings->query($host, $service);
        $token = $settings->token();
        try {
            $response = (new Client())->get($settings->internalUrl() . '/image?' . $query, [
                'timeout'         => $settings->timeout(),
                'connect_timeout' => $settings->timeout(),
                'allow_redirects' => false,
                'http_errors'     => false,
                'headers'         => ['Accept' => 'image/svg+xml']
                    + ($token === null ? [] : ['Authorization' => 'Bearer ' . $token]),
            ]);
        } catch (GuzzleException $e) {
            throw new PictureMissing(sprintf(
                mt('dotm', 'DOTM did not answer within %s s at %s.'),
                $settings->timeout(),
                $settings->internalUrl()
            ), 0, $e);
        }
        $status = $response->getStatusCode();
        if ($status === 401 || $status === 403) {
            throw new PictureMissing(mt('dotm', 'DOTM shows this to nobody without a valid token.'));
        }
        $type = $response->getHeaderLine('Content-Type');
        if ($status !== 200 || strpos($type, 'image/svg+xml') !== 0) {
            throw new PictureMissing(sprintf(
                mt('dotm', 'What answers at %s is not DOTM: status %d, %s.'),
                $settings->internalUrl(),
                $status,
                $type === '' ? '?' : $type
            ));
        }
        return self::read($response->getBody()->read(self::MOST), $settings->url());
    }

    /** The picture as text of a page. */
    public function svg(): string
    {
        return $this->root->ownerDocument->saveXML($this->root);
    }

    private static function read(string $text, string $url): self
    {
        $document = new DOMDocument();
        $before = libxml_use_internal_errors(true);
        $parsed = $document->loadXML($text, LIBXML_NONET);
        libxml_clear_errors();
        libxml_use_internal_errors($before);
        if (! $parsed || $document->doctype !== null || $document->documentElement->localName !== 'svg') {
            throw new PictureMissing(mt('dotm', 'DOTM answered with something that is no picture.'));
        }
        self::disarm(new DOMXPath($document));
        self::leadTo($url, new DOMXPath($document));
        return new self($document->documentElement);
    }

    private static function disarm(DOMXPath $all): void
    {
        foreach ($all->query('//*[local-name()="script" or local-name()="foreignObject" or local-name()="style"]') as $node) {
            $node->parentNode->removeChild($node);
        }
        foreach ($all->query('//@*[starts-with(name(), "on") or name()="style"]') as $attribute) {
            $attribute->ownerElement->removeAttributeNode($attribute);
        }
    }

    /** Links in the picture are those of DOTM's own pages; from here they open DOTM beside Icinga Web. */
    private static function leadTo(string $url, DOMXPath $all): void
    {
        foreach ($all->query('//@*[local-name()="href"]') as $attribute) {
            $link = $attribute->ownerElement;
            $href = $attribute->value;
            if ($link->localName !== 'a') {
                // A picture within the picture, or a part of its own that it uses.
                if (strpos($href, '#') !== 0) {
                    $link->removeAttributeNode($attribute);
                }
                continue;
            }
            $path = preg_replace('~^(?:\.{0,2}/)+~', '', $href);
            $link->removeAttributeNode($attribute);
            $link->setAttribute('href', $url . '/' . $path);
            $link->setAttribute('target', '_blank');
            $link->setAttribute('rel', 'noopener');
        }
    }
}
