<?php

namespace Icinga\Module\Dotm\Forms;

use Icinga\Forms\ConfigForm as BaseForm;
use Icinga\Module\Dotm\Picture;
use Icinga\Module\Dotm\PictureMissing;
use Icinga\Module\Dotm\Settings;

/** Where DOTM is, and how its pictures are shown: the section [dotm] of modules/dotm/config.ini. */
class ConfigForm extends BaseForm
{
    public function init()
    {
        $this->setName('form_config_dotm');
        $this->setSubmitLabel($this->translate('Save Changes'));
    }

    public function createElements(array $formData)
    {
        $this->addElement('text', 'dotm_url', [
            'required'    => true,
            'label'       => $this->translate('Address'),
            'placeholder' => 'https://dotm.example.net',
            'description' => $this->translate(
                'Where browsers find DOTM: scheme, host and, where there is one, port and path.'
            ),
            'validators'  => [$this->addressValidator()],
        ]);
        $this->addElement('text', 'dotm_internal_url', [
            'label'       => $this->translate('Address for this Server'),
            'placeholder' => 'http://127.0.0.1:4880',
            'description' => $this->translate('Where Icinga Web finds DOTM, if that is another address.'),
            'validators'  => [$this->addressValidator()],
        ]);
        $this->addElement('text', 'dotm_site', [
            'label'       => $this->translate('Site'),
            'description' => $this->translate(
                'The name of this Icinga in DOTM, if DOTM watches several (“site” of its source).'
            ),
        ]);
        $this->addElement('password', 'dotm_token', [
            'renderPassword' => true,
            'label'          => $this->translate('Token'),
            'description'    => $this->translate(
                'Of a viewer, made by “dotm token”. Needed only where DOTM shows nothing to those it does not know.'
            ),
        ]);
        $this->addElement('select', 'dotm_mode', [
            'label'        => $this->translate('Shown as'),
            'multiOptions' => [
                'svg'    => $this->translate('Picture in the page'),
                'iframe' => $this->translate('Frame (loads anew whenever Icinga Web refreshes the page)'),
            ],
        ]);
        $this->addElement('number', 'dotm_timeout', [
            'label'       => $this->translate('Patience'),
            'description' => $this->translate('Seconds to wait for DOTM before the page is shown without it.'),
            'min'         => 1,
            'max'         => 10,
            'value'       => 2,
        ]);
    }

    public function onSuccess()
    {
        if (! $this->answers()) {
            return false;
        }
        return parent::onSuccess();
    }

    /** Asks the DOTM given for a picture, so that a wrong address or token is said here and not at three in the morning. */
    private function answers(): bool
    {
        $values = [];
        foreach ($this->getValues() as $name => $value) {
            $values[preg_replace('/^dotm_/', '', $name)] = $value;
        }
        try {
            Picture::ask(new Settings($values));
        } catch (PictureMissing $e) {
            $this->error($e->getMessage());
            return false;
        }
        return true;
    }

    private function addressValidator(): \Zend_Validate_Callback
    {
        $validator = new \Zend_Validate_Callback([Settings::class, 'isAddress']);
        $validator->setMessage(
            $this->translate('“%value%” is no http or https address.'),
            \Zend_Validate_Callback::INVALID_VALUE
        );
        return $validator;
    }
}
