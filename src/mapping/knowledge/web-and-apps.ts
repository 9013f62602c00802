/**
 * Web servers, proxies and applications: one row each.
 * Columns: id | process names | words | default ports | further client ports | admin and cluster ports | speaks.
 * A process name ending in * stands for all that begin so; `java`, `python` and their like tell the runtime.
 */
export const WEB_AND_APPS = `
nginx | nginx openresty tengine angie freenginx | nginx engine-x openresty | 80 443 | 8080 8443 8000 81 | 8081 | http https
apache | apache2 apache httpd httpd2 httpd-prefork httpd.worker apache2-prefork | apache apache2 httpd apache-httpd apache24 webserver-apache | 80 443 | 8080 8443 8000 81 | | http https
lighttpd | lighttpd | lighttpd lighty | 80 443 | 8080 | | http https
caddy | caddy | caddy | 80 443 | 8080 | 2019 | http https
iis | System w3wp svchost inetinfo | iis w3svc microsoft-iis internet-information-services inetinfo | 80 443 | 8080 | 8172 | http https
hiawatha | hiawatha | hiawatha | 80 443 | | | http https
cherokee | cherokee cherokee-worker | cherokee | 80 443 | | 9090 | http https
thttpd | thttpd mini_httpd | thttpd mini-httpd | 80 | | | http
litespeed | litespeed lshttpd openlitespeed | litespeed openlitespeed lsws | 80 443 | 8088 | 7080 | http https
h2o | h2o | h2o | 80 443 | | | http https
zope | python runzope zope | zope plone zeo | 8080 | 8100 8082 | | http
haproxy | haproxy | haproxy ha-proxy loadbalancer load-balancer lastverteiler | | 80 443 5000 8080 | 1936 8404 9000 8899 1024 | http https
traefik | traefik | traefik | 80 443 | | 8080 8082 | http https
envoy | envoy | envoy envoy-proxy istio istio-proxy | 10000 15001 | 15006 80 443 | 9901 15000 15090 | http https
kong | nginx kong | kong kong-gateway | 8000 8443 | 80 443 | 8001 8444 | http https
pound | pound | pound | 80 443 | | | http https
hitch | hitch | hitch | 443 | | | https
stunnel | stunnel stunnel4 | stunnel stunnel4 | | | |
squid | squid squid3 | squid squid3 squid-cache | 3128 8080 | 3129 8000 80 | 3130 | proxy http
varnish | varnishd varnish cache-main vcache | varnish varnishd vcl http-accelerator | 6081 80 | 8080 | 6082 | http
trafficserver | traffic_server traffic_manager | trafficserver traffic-server ats | 8080 80 | | 8083 8084 | http
privoxy | privoxy | privoxy | 8118 | | | proxy
tinyproxy | tinyproxy | tinyproxy | 8888 | | | proxy
dante | danted sockd | dante danted sockd socks socks5 socks-proxy | 1080 | | |
polipo | polipo | polipo | 8123 | | | proxy
nghttpx | nghttpx | nghttpx | 3000 | | | http
tomcat | java tomcat tomcat8 tomcat9 jsvc | tomcat tomcat6 tomcat7 tomcat8 tomcat9 catalina coyote servlet | 8080 8443 | 8009 8180 8081 8090 | 8005 | http https
ajp | java tomcat | ajp ajp13 mod-jk-ajp | 8009 | | |
jetty | java jetty | jetty | 8080 8443 | 8983 | | http https
wildfly | java | wildfly jboss jboss-eap jboss-as undertow | 8080 8443 | | 9990 9993 9999 8009 | http
glassfish | java | glassfish payara | 8080 8181 | | 4848 | http
weblogic | java | weblogic wls wls-server managed-server | 7001 7002 | 9001 8001 | 9002 5556 | http
websphere | java | websphere was-server liberty websphere-liberty | 9080 9443 | | 9060 9043 8880 | http
jenkins | java jenkins | jenkins hudson jenkins-war | 8080 | 8443 | 50000 | http
nexus | java | nexus nexus3 sonatype sonatype-nexus sonatype-work | 8081 | 8443 5000 | | http
artifactory | java jf-router | artifactory jfrog | 8082 8081 | | | http
sonarqube | java | sonarqube sonar | 9000 | | 9001 | http
confluence | java | confluence | 8090 | | 8091 8000 | http
jira | java | jira | 8080 | | 8005 | http
bitbucket | java | bitbucket stash | 7990 | 7999 | | http
bamboo | java | bamboo | 8085 | | 54663 | http
crowd | java | crowd | 8095 | | | http
teamcity | java | teamcity | 8111 | | | http
gerrit | java GerritCodeReview gerrit | gerrit gerrit-code-review | 8080 29418 | 8081 8443 | | http
gerritssh | java GerritCodeReview gerrit | gerrit-ssh gerrit-sshd ssh-gerrit | 29418 | | | ssh
rundeck | java | rundeck | 4440 | 4443 | | http
keycloak | java | keycloak rh-sso | 8080 8443 | | 9000 9990 | http
shibboleth | java shibd | shibboleth shibd shib-idp idp | 8443 8080 1600 | | | http
cas | java | jasig-cas apereo cas-server | 8443 8080 | | | http
alfresco | java | alfresco | 8080 | 7070 | | http
xwiki | java | xwiki | 8080 | | | http
opennms | java | opennms | 8980 | | 18980 8101 | http
guacamole | java guacd | guacamole guacd | 8080 4822 | | | http
unifi | java unifi | unifi unifi-controller unifi-network | 8443 8080 | 8880 8843 10001 6789 | 27117 | http
minecraft | java | minecraft minecraft-server | 25565 | | 25575 |
openhab | java | openhab | 8080 8443 | | 8101 | http
graylog | java graylog-server | graylog graylog2 graylog-server graylog-web | 9000 | 12201 1514 12900 | | http gelf
gelf | java graylog-server | gelf | 12201 | | |
rabbitmqmgmt | beam.smp | rabbitmq-management rabbitmq-admin rabbitmq-web rabbitmq-mgmt rabbitmq-webui rabbitmq-gui | 15672 | 15671 | | http
nodejs | node nodejs pm2 | nodejs node-js node-app node-server node-process node-service pm2 express-js nextjs | 3000 8080 | 80 443 | | http
gunicorn | gunicorn gunicorn3 python | gunicorn django flask | 8000 5000 | 8080 | | http
uwsgi | uwsgi uwsgi-core | uwsgi | 3031 8000 | 9090 8080 | 1717 | http
phpfpm | php-fpm* php5-fpm php7-fpm php | php-fpm php-fpm7 php-fpm8 phpfpm fpm php7-fpm php8-fpm php5-fpm php fastcgi php-pool | 9000 | 9001 9074 9082 | |
puma | puma ruby | puma rails ruby-on-rails | 3000 9292 | | | http
unicorn | unicorn unicorn_rails ruby | unicorn | 8080 3000 | | | http
passenger | passenger Passenger* ruby | passenger | 3000 | | | http
redmine | ruby | redmine | 3000 | | | http
gitlab | nginx gitlab-workhorse puma ruby | gitlab gitlab-ce gitlab-ee | 80 443 | 8181 8080 | | http https
gitlabrunner | gitlab-runner | gitlab-runner | 9252 8093 | | |
gitlabpages | gitlab-pages | gitlab-pages | 8090 | | | http
gitea | gitea forgejo gogs | gitea forgejo gogs | 3000 | 2222 | | http
gitdaemon | git-daemon git | git-daemon git-protocol gitdaemon | 9418 | | |
svn | svnserve | svn svnserve subversion | 3690 | | |
cvs | cvs cvspserver xinetd | cvs cvspserver | 2401 | | |
grafana | grafana-server grafana | grafana grafana-server | 3000 | | | http
kibana | node kibana | kibana | 5601 | | | http
opensearchdash | node | opensearch-dashboards | 5601 | | | http
prometheus | prometheus | prometheus prom prometheus-server | 9090 | | | http
alertmanager | alertmanager | alertmanager prometheus-alertmanager alert-manager | 9093 | | 9094 | http
pushgateway | pushgateway | pushgateway push-gateway | 9091 | | | http
thanos | thanos | thanos | 10902 | 10901 | | http
victoriametrics | victoria-metrics victoria-metric vmstorage vminsert vmselect | victoriametrics victoria-metrics | 8428 | 8480 8481 8482 2003 4242 | 8400 8401 | http
loki | loki | loki | 3100 | | 9096 9095 7946 | http
tempo | tempo | grafana-tempo | 3200 | | | http
promtail | promtail | promtail | 9080 | | | http
jaeger | jaeger* | jaeger jaeger-query jaeger-collector | 16686 | 14268 14250 6831 | 14269 | http
zipkin | java | zipkin | 9411 | | | http
otelcol | otelcol* | opentelemetry otel otel-collector otelcol | 4317 4318 | | 13133 8888 |
sentry | sentry uwsgi python | sentry | 9000 | | | http
netdata | netdata | netdata | 19999 | 8125 | | http
airflow | airflow python gunicorn | airflow airflow-webserver | 8080 | | 8793 | http
jupyter | jupyter jupyter-notebook jupyterhub python | jupyter jupyterhub jupyterlab | 8888 8000 | | | http
homeassistant | hass python | home-assistant homeassistant hass | 8123 | | | http
octoprint | octoprint python | octoprint | 5000 | | | http
matrix | synapse python | synapse matrix matrix-synapse | 8008 8448 | | 9092 9093 | http
mattermost | mattermost | mattermost | 8065 | | 8074 8067 | http
rocketchat | node | rocketchat rocket-chat | 3000 | | | http
etherpad | node | etherpad etherpad-lite | 9001 | | | http
ghost | node | ghost | 2368 | | | http
nodered | node node-red | node-red nodered | 1880 | | | http
portainer | portainer | portainer | 9443 9000 | | 8000 | http
cockpit | cockpit-ws cockpit-tls systemd | cockpit | 9090 | | | http
webmin | miniserv.pl perl miniserv | webmin miniserv usermin virtualmin | 10000 | 20000 | | http
plesk | sw-cp-server sw-cp-serverd | plesk sw-cp-server | 8443 | 8880 | | http
cpanel | cpsrvd cpaneld | cpanel whm cpsrvd | 2083 2087 | 2082 2086 2095 2096 | | http
directadmin | directadmin | directadmin | 2222 | | | http
ajenti | python ajenti-panel | ajenti | 8000 | | | http
plex | Plex* plexmediaserver | plex plex-media-server plexmediaserver | 32400 | | 32401 | http
jellyfin | jellyfin emby EmbyServer | jellyfin emby | 8096 | 8920 | | http
subsonic | java | subsonic airsonic | 4040 | | | http
sabnzbd | python | sabnzbd | 8080 | | | http
sonarr | Sonarr mono | sonarr | 8989 | | | http
radarr | Radarr mono | radarr | 7878 | | | http
transmission | transmission-daemon transmission-da | transmission transmission-daemon bittorrent torrent | 9091 | 51413 | | http
deluge | deluged deluge-web | deluge deluged | 58846 8112 | | |
rtorrent | rtorrent | rtorrent | 5000 | 6881 | |
icecast | icecast icecast2 shoutcast | icecast icecast2 shoutcast streaming-server | 8000 | 8001 | | http
mpd | mpd | mpd music-player-daemon | 6600 | 8000 | |
tvheadend | tvheadend | tvheadend | 9981 | 9982 | | http
vdr | vdr | vdr svdrp | 6419 | 2004 34890 | |
rtmp | nginx | rtmp | 1935 | | |
onlyoffice | node nginx docservice | onlyoffice | 8000 80 | | | http
collabora | coolwsd loolwsd | collabora coolwsd loolwsd | 9980 | | | http
nextcloudspreed | signaling | nextcloud-signaling spreed | 8081 | | | http
minio | minio | minio | 9000 | | 9001 | http s3
seaweedfs | weed | seaweedfs | 9333 | 8888 8080 8333 | | http
vault | vault | vault hashicorp-vault openbao bao | 8200 | | 8201 |
consul | consul consul-agent | consul | 8500 | 8501 8600 8502 8503 | 8300 8301 8302 | http
consulserf | consul consul-agent | consul-members consul-serf serf serf-members consul-gossip | 8301 | | |
consuldns | consul | consul-dns | 8600 | | |
nomad | nomad | nomad | 4646 | | 4647 4648 | http
boundary | boundary | hashicorp-boundary | 9200 | 9202 | 9201 |
superset | superset gunicorn python | superset | 8088 | | | http
metabase | java | metabase | 3000 | | | http
redash | gunicorn python | redash | 5000 | | | http
mailhog | MailHog mailhog mailpit | mailhog mailpit | 8025 1025 | | | http
mailcatcher | ruby mailcatcher | mailcatcher | 1080 1025 | | | http
pgadmin | gunicorn python | pgadmin pgadmin4 | 5050 80 | | | http
awx | nginx uwsgi awx-uwsgi | awx ansible-tower tower | 443 80 | 8052 | | http
foreman | ruby foreman puma | foreman | 3000 443 | | | http
foremanproxy | ruby smart-proxy | foreman-proxy smart-proxy | 8443 9090 | | | http
katello | httpd | katello satellite pulp | 443 80 | | | http https
spacewalk | httpd | spacewalk uyuni suse-manager susemanager | 443 80 | | | http https
odoo | odoo odoo-bin python openerp-server | odoo openerp | 8069 | 8072 8071 | | http
erpnext | gunicorn node | erpnext frappe | 8000 | 9000 | | http
coldfusion | java coldfusion | coldfusion lucee railo | 8500 8888 | | | http
opencms | java | opencms magnolia liferay | 8080 | | | http
dspace | java | dspace | 8080 | | | http
moodle | apache2 nginx httpd | moodle | 80 443 | | | http https
statsd | node statsd | statsd | 8125 | | 8126 |
statsdadmin | node statsd | statsd-admin statsd-management statsd-console | 8126 | | |
zuulweb | zuul-web | zuul-web | 9000 | | | http
zuul | zuul-scheduler zuul | zuul zuul-scheduler | 4730 | | |
nodepool | nodepool-launche nodepool | nodepool | 8005 | | |
harbor | nginx docker-proxy harbor_core | harbor | 443 80 | | | http https
dockerregistry | registry docker-proxy docker-registry | docker-registry registry container-registry | 5000 | | 5001 | http
verdaccio | node | verdaccio sinopia npm-registry | 4873 | | | http
aptcacher | apt-cacher-ng apt-cacher perl | apt-cacher apt-cacher-ng aptcacher | 3142 | | | http
pulpcore | gunicorn | pulpcore | 24817 24816 | | | http
`;
