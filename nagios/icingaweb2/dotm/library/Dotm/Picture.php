<?php

namespace Icinga\Module\Dotm;

use DOMDocument;
use DOMElement;
use DOMXPath;
use GuzzleHttp\Client;
use GuzzleHttp\Exception\GuzzleException;
use GuzzleHttp\Psr7\DroppingStream;
use GuzzleHttp\Psr7\Utils;
use InvalidArgumentException;
use Psr\Http\Message\ResponseInterface;

/** A picture drawn by DOTM, made safe to stand within a page: its links lead to DOTM, and nothing in it runs. */
final class Picture
{
    /** Bytes, and elements; DOTM's own pictures stay below a fifth of it. */
    private const MOST = 2000000;
    private const MOST_ELEMENTS = 20000;

    /** What DOTM draws with. A page reads much else as more than a drawing, in whatever case it is written. */
    private const ELEMENTS = ['a', 'circle', 'defs', 'desc', 'ellipse', 'g', 'line', 'path', 'pattern', 'polygon', 'polyline',
        'rect', 'svg', 'text', 'title', 'tspan'];

    /** @var DOMElement */
    private $root;

    private function __construct(DOMElement $root)
    {
        $this->root = $root;
    }

    /**
     * The picture of a host, of one of its services, or of the site where no host is given.
     *
     * @throws PictureMissing where DOTM is away, refuses, or answers something else; at once where it has just been away
     */
    public static function fetch(Settings $settings, ?string $host = null, ?string $service = null): self
    {
        // Kept until there is an answer: meanwhile nobody else asks.
        $silence = new Silence($settings->internalUrl());
        $left = $silence->secondsLeft();
        if ($left > 0) {
            throw new PictureNotAsked(sprintf(
                mt('dotm', 'DOTM did not answer at %s a moment ago; it will be asked again in %d s.'),
                $settings->internalUrl(),
                $left
            ));
        }
        return self::ask($settings, $host, $service);
    }

    /**
     * The same, also where DOTM has just been away.
     *
     * @throws PictureMissing
     */
    public static function ask(Settings $settings, ?string $host = null, ?string $service = null): self
    {
        if ($settings->url() === '') {
            throw new PictureMissing(mt('dotm', 'Nobody has said yet where DOTM is: Configuration, Modules, dotm.'));
        }
        $response = self::answer($settings, $settings->query($host, $service));
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
        $body = $response->getBody();
        $body->rewind();
        return self::read($body->getContents(), $settings->url());
    }

    private static function answer(Settings $settings, string $query): ResponseInterface
    {
        $token = $settings->token();
        $silence = new Silence($settings->internalUrl());
        try {
            $response = (new Client())->get($settings->internalUrl() . '/image?' . $query, [
                'timeout'         => $settings->timeout(),
                'connect_timeout' => $settings->timeout(),
                'allow_redirects' => false,
                // A little of it may be very much once it is unpacked.
                'decode_content'  => false,
                'sink'            => new DroppingStream(Utils::streamFor(fopen('php://temp', 'w+')), self::MOST),
                'http_errors'     => false,
                'headers'         => ['Accept' => 'image/svg+xml']
                    + ($token === null ? [] : ['Authorization' => 'Bearer ' . $token]),
            ]);
        } catch (GuzzleException | InvalidArgumentException $e) {
            $silence->begin();
            throw new PictureMissing(sprintf(
                mt('dotm', 'DOTM did not answer within %s s at %s.'),
                $settings->timeout(),
                $settings->internalUrl()
            ), 0, $e);
        }
        $silence->end();
        return $response;
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
        // As plain text: a page ends CDATA elsewhere than XML does.
        $parsed = $text !== '' && $document->loadXML($text, LIBXML_NONET | LIBXML_NOCDATA);
        libxml_clear_errors();
        libxml_use_internal_errors($before);
        if (! $parsed || $document->doctype !== null || $document->documentElement->nodeName !== 'svg') {
            throw new PictureMissing(mt('dotm', 'DOTM answered with something that is no picture.'));
        }
        // In others, bytes of harmless letters are markup in the page.
        $document->encoding = 'UTF-8';
        self::disarm(new DOMXPath($document));
        self::leadTo($url, new DOMXPath($document));
        return new self($document->documentElement);
    }

    private static function disarm(DOMXPath $all): void
    {
        $elements = $all->query('//*');
        if ($elements->length > self::MOST_ELEMENTS) {
            throw new PictureMissing(mt('dotm', 'DOTM answered with something that is no picture.'));
        }
        // A page ends comments elsewhere than XML does, and knows no instructions.
        foreach ($all->query('//comment() | //processing-instruction()') as $node) {
            $node->parentNode->removeChild($node);
        }
        foreach ($elements as $element) {
            if ($element->prefix !== '' || ! in_array($element->nodeName, self::ELEMENTS, true)) {
                $element->parentNode->removeChild($element);
            }
        }
        foreach ($all->query('//@*') as $attribute) {
            $name = strtolower($attribute->nodeName);
            if (strpos($name, 'on') === 0 || ! preg_match('~^(?!style$|class$|data-)[a-z][a-z0-9-]*$|^xlink:href$~', $name)) {
                $attribute->ownerElement->removeAttributeNode($attribute);
            }
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
