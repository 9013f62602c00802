<?php

/** @var \Icinga\Application\Modules\Module $this */

$this->providePermission('dotm/view', $this->translate('See the trouble map of the hosts and services one may see'));
$this->providePermission('dotm/map', $this->translate('See the trouble map of the whole site, all hosts included'));

$this->provideConfigTab('dotm', [
    'title' => $this->translate('Where DOTM is, and how its pictures are shown'),
    'label' => $this->translate('Trouble Map'),
    'url'   => 'config',
]);

$this->menuSection(N_('Trouble Map'), [
    'icon'       => 'sitemap',
    'url'        => 'dotm/map',
    'permission' => 'dotm/map',
    'priority'   => 65,
]);
