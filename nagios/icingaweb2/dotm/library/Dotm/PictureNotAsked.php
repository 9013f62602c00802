<?php

namespace Icinga\Module\Dotm;

/** DOTM was not asked for the picture, as it has just left somebody without an answer. */
class PictureNotAsked extends PictureMissing
{
}
