<?php

namespace Icinga\Module\Dotm\Controllers;

use Icinga\Module\Dotm\Forms\ConfigForm;
use Icinga\Web\Controller;

/** The module's own tab among those of the configuration. */
class ConfigController extends Controller
{
    public function init()
    {
        $this->assertPermission('config/modules');
        parent::init();
    }

    public function indexAction()
    {
        $form = new ConfigForm();
        $form->setIniConfig($this->Config());
        $form->handleRequest();

        $this->view->form = $form;
        $this->view->tabs = $this->Module()->getConfigTabs()->activate('dotm');
    }
}
