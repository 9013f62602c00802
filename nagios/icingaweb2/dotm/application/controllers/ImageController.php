<?php

namespace Icinga\Module\Dotm\Controllers;

use Icinga\Module\Dotm\Picture;
use Icinga\Module\Dotm\PictureMissing;
use Icinga\Module\Dotm\Settings;
use Icinga\Web\Controller;

/**
 * The picture as an image of Icinga Web's own, for pages whose policy lets images come from nowhere else:
 * dotm/image of the site, dotm/image?host=NAME&srv=NAME of one object.
 */
class ImageController extends Controller
{
    public function init()
    {
        // Whoever may name any host here may see any host.
        $this->assertPermission('dotm/map');
        parent::init();
    }

    public function indexAction()
    {
        $this->_helper->layout()->disableLayout();
        $this->_helper->viewRenderer->setNoRender(true);

        $settings = Settings::stored();
        $response = $this->getResponse();
        try {
            $picture = Picture::fetch($settings, $this->params->get('host'), $this->params->get('srv'));
        } catch (PictureMissing $e) {
            $response->setHttpResponseCode(502)->setHeader('Content-Type', 'text/plain; charset=utf-8', true);
            $response->setBody($e->getMessage());
            return;
        }
        $response->setHeader('Content-Type', 'image/svg+xml', true);
        $response->setHeader('Content-Security-Policy', "default-src 'none'", true);
        $response->setHeader('X-Content-Type-Options', 'nosniff', true);
        $response->setHeader('Cache-Control', 'private, max-age=5', true);
        $response->setBody($picture->svg());
    }
}
