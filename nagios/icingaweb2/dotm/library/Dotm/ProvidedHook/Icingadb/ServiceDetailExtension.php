<?php

namespace Icinga\Module\Dotm\ProvidedHook\Icingadb;

use Icinga\Module\Dotm\Block;
use Icinga\Module\Dotm\Settings;
use Icinga\Module\Icingadb\Hook\ServiceDetailExtensionHook;
use Icinga\Module\Icingadb\Model\Service;
use ipl\Html\HtmlString;
use ipl\Html\ValidHtml;

/** The picture on Icinga DB Web's page of a service, below the plugin's output. */
class ServiceDetailExtension extends ServiceDetailExtensionHook
{
    protected function init()
    {
        $this->setSection(self::GRAPH_SECTION);
    }

    public function getHtmlForObject(Service $service): ValidHtml
    {
        return new HtmlString((new Block(Settings::stored()))->ofObject($service->host->name, $service->name));
    }
}
