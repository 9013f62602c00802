<?php

namespace Icinga\Module\Dotm;

use RuntimeException;

/** DOTM gave no picture; the message says why, in one sentence for users. */
class PictureMissing extends RuntimeException
{
}
