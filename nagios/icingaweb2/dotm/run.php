<?php

/** @var \Icinga\Application\Modules\Module $this */

$this->provideHook('icingadb/HostDetailExtension');
$this->provideHook('icingadb/ServiceDetailExtension');
$this->provideHook('icingadb/IcingadbSupport');
$this->provideHook('monitoring/DetailviewExtension');

// Icinga Web knows this hook since 2.14, which forbids frames of other servers where its strict policy is on.
if (class_exists('Icinga\Application\Hook\CspHook')) {
    $this->provideHook('Csp', 'Csp', true);
}
