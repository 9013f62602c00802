<?php

namespace Icinga\Module\Dotm\ProvidedHook\Icingadb;

use Icinga\Module\Dotm\Block;
use Icinga\Module\Dotm\Settings;
use Icinga\Module\Icingadb\Hook\HostDetailExtensionHook;
use Icinga\Module\Icingadb\Model\Host;
use ipl\Html\HtmlString;
use ipl\Html\ValidHtml;

/** The picture on Icinga DB Web's page of a host, below the plugin's output. */
class HostDetailExtension extends HostDetailExtensionHook
{
    protected function init()
    {
        $this->setSection(self::GRAPH_SECTION);
    }

    public function getHtmlForObject(Host $host): ValidHtml
    {
        return new HtmlString((new Block(Settings::stored()))->ofObject($host->name, null));
    }
}
