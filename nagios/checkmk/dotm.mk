# To be put into etc/check_mk/multisite.d/dotm.mk of the site; then the rule "Custom icons or actions for services in
# status GUI" says where the icon is shown. The same can be clicked together at Setup, General, Global settings,
# "Custom icons and actions".
user_icons_and_actions['dotm'] = {
    'title': 'Trouble map',
    'icon': 'aggr',
    'toplevel': True,
    'sort_index': 15,
    'url': (
        'https://dotm.example.net/graph?host=$HOSTNAME_URL_ENCODED$&srv=$SERVICEDESC_URL_ENCODED$',
        '_blank',
    ),
}
