<?php

namespace Icinga\Module\Dotm\ProvidedHook\Monitoring;

use Icinga\Module\Dotm\Block;
use Icinga\Module\Dotm\Settings;
use Icinga\Module\Monitoring\Hook\DetailviewExtensionHook;
use Icinga\Module\Monitoring\Object\MonitoredObject;

/** The picture on the pages of the older monitoring module. */
class DetailviewExtension extends DetailviewExtensionHook
{
    public function getHtmlForObject(MonitoredObject $object)
    {
        $service = $object->getType() === MonitoredObject::TYPE_SERVICE ? $object->service_description : null;
        return (new Block(Settings::stored()))->ofObject($object->host_name, $service);
    }
}
