<?php

namespace Icinga\Module\Dotm\ProvidedHook\Icingadb;

use Icinga\Module\Icingadb\Hook\IcingadbSupportHook;

/** Says that the module works with Icinga DB. */
class IcingadbSupport extends IcingadbSupportHook
{
}
