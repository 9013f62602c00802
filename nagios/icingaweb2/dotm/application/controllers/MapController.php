<?php

namespace Icinga\Module\Dotm\Controllers;

use Icinga\Module\Dotm\Block;
use Icinga\Module\Dotm\Settings;
use Icinga\Web\Controller;

/** The picture of the whole site: a page of the menu, and of dashboards. */
class MapController extends Controller
{
    public function init()
    {
        $this->assertPermission('dotm/map');
        parent::init();
    }

    public function indexAction()
    {
        $this->setAutorefreshInterval(10);
        $this->getTabs()->add('map', [
            'label'  => $this->translate('Trouble Map'),
            'url'    => 'dotm/map',
            'active' => true,
        ]);
        $this->view->block = (new Block(Settings::stored()))->ofSite();
    }
}
