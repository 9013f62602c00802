<?php

namespace Icinga\Module\Dotm\ProvidedHook;

use Icinga\Application\Hook\CspHook;
use Icinga\Module\Dotm\Settings;
use Icinga\User;
use ipl\Web\Common\Csp as Policy;

/** Lets the frame load where Icinga Web's strict policy is on (2.14, csp_enable_modules = "1"). */
class Csp extends CspHook
{
    public function getCspForUser(User $user): Policy
    {
        return $this->getCspForAllUsers();
    }

    public function getCspForAllUsers(): Policy
    {
        $policy = new Policy();
        $settings = Settings::stored();
        if ($settings->showsFrame() && $settings->url() !== '') {
            $policy->add('frame-src', $settings->origin());
        }
        return $policy;
    }
}
