/** Programs people host themselves, grid and laboratory software, licence daemons; columns as in web-and-apps.ts. */
export const SELF_HOSTED = `
hhvm | hhvm | hhvm | 9000 | 80 | 9001 |
nutcracker | nutcracker twemproxy | nutcracker twemproxy | 22121 | 11212 | 22222 | cache
rtpengine | rtpengine | rtpengine | 2223 22222 | | |
rtpproxy | rtpproxy | rtpproxy | 22222 | | |
kurento | kurento-media-server | kurento kurento-media-server | 8888 | | |
stepca | step-ca | step-ca smallstep | 443 9000 | 8443 | | http
blazegraph | java | blazegraph wdqs wikidata-query | 9999 | | |
restbase | node | restbase | 7231 | | | http
parsoid | node | parsoid | 8142 8000 | | | http
orchestrator | orchestrator | orchestrator mysql-orchestrator | 3000 | | | http
garbd | garbd | garbd garb | 4567 | | |
gitaly | gitaly | gitaly | 8075 | 9236 | |
praefect | praefect | praefect | 2305 | | 9652 |
gitlabworkhorse | gitlab-workhorse | gitlab-workhorse | 8181 | | 9229 | http
zulip | nginx uwsgi | zulip | 443 80 | | | http https
discourse | docker-proxy nginx ruby | discourse | 80 443 | 3000 | | http https
dendrite | dendrite | dendrite conduit | 8008 | 8448 6167 | | http
ntfy | ntfy | ntfy | 80 2586 | | | http
gotify | gotify-server gotify | gotify | 80 8080 | | | http
seafile | seaf-server | seafile | 8082 | | | http
seahub | gunicorn python seahub | seahub | 8000 | | | http
syncthing | syncthing | syncthing | 8384 | 22000 | | http
hedgedoc | node | hedgedoc codimd wikijs outline | 3000 | | | http
vaultwarden | vaultwarden bitwarden_rs | vaultwarden bitwarden | 80 8000 | 8812 443 | | http
teleport | teleport | teleport | 3080 3023 | 443 3022 3024 | 3025 3000 |
headscale | headscale | headscale | 8080 | 443 | 9090 | http
netbird | netbird-mgmt netbird | netbird | 33073 443 | 10000 | |
nebula | nebula | nebula-vpn | 4242 | | |
lldap | lldap | lldap | 3890 | 17170 | | ldap
authentik | authentik python | authentik | 9000 9443 | | | http
authelia | authelia | authelia | 9091 | | | http
dexidp | dex | dex-idp dexidp | 5556 | | 5558 | http
oauth2proxy | oauth2-proxy | oauth2-proxy | 4180 | | | http
hydra | hydra kratos | ory-hydra ory-kratos | 4444 4433 | | 4445 4434 | http
radicale | radicale python | radicale | 5232 | | | http
baikal | | baikal davical | 80 443 | | | http https
sogo | sogod | sogo sogod | 20000 | | | http
postsrsd | postsrsd | postsrsd | 10001 10002 | | |
postfwd | postfwd perl | postfwd | 10040 | | |
miltergreylist | milter-greylist | milter-greylist | 5252 | | |
mimedefang | mimedefang mimedefang.pl | mimedefang | 10997 | | |
imapproxy | imapproxyd in.imapproxyd | imapproxy up-imapproxy imapproxyd | 143 1143 | | | imap
perdition | perdition perdition.imap4 perdition.pop3 | perdition | 143 993 110 995 | | | imap pop3
dbmail | dbmail-imapd dbmail-pop3d dbmail-lmtpd | dbmail | 143 110 | 993 995 24 | | imap pop3
axigen | axigen | axigen | 25 143 993 110 995 80 443 | 465 587 8000 | 9000 7000 | smtp imap pop3 http https
kerio | mailserver kerio-connect | kerio kerio-connect | 25 143 993 110 995 | 80 443 465 587 | 4040 | smtp imap pop3
mdaemon | MDaemon | mdaemon | 25 143 110 | 587 993 995 | 3000 1000 | smtp imap pop3
hmailserver | hMailServer | hmailserver | 25 143 110 | 587 993 995 465 | | smtp imap pop3
openxchange | java | open-xchange openexchange ox-appsuite appsuite | 8009 | 80 443 | |
dcc | dccifd dccd | dcc dccd dccifd | 6277 | 10045 | |
policydweight | policyd-weight perl | policyd-weight | 12525 | | |
sensubackend | sensu-backend | sensu sensu-backend sensu-go | 8081 8080 3000 | | 2380 2379 |
sensuagent | sensu-agent | sensu-agent | 3031 3030 | | |
xymon | xymond hobbitd | xymon xymond hobbit | 1984 | | |
netxms | netxmsd | netxms netxmsd | 4701 | | |
netxmsagent | nxagentd | nxagentd netxms-agent | 4700 | | |
pandora | tentacle_server pandora_server | pandora-fms tentacle | 41121 | | |
glances | glances python | glances | 61208 61209 | | | http
uptimekuma | node | uptime-kuma | 3001 | | | http
riemann | java | riemann | 5555 | 5556 5557 | |
kapacitor | kapacitord | kapacitor kapacitord | 9092 | | | http
chronograf | chronograf | chronograf | 8888 | | | http
rrdcached | rrdcached | rrdcached | 42217 | | |
icingadbredis | icingadb-redis redis-server | icingadb-redis icinga-redis | 6380 | | | cache
centreonbroker | cbd | centreon-broker cbd centreon-broker-daemon | 5669 | | |
centreongorgone | gorgoned perl | centreon-gorgone gorgoned gorgone | 8085 5556 | | |
datadogagent | agent trace-agent datadog-agent | datadog datadog-agent | 8125 8126 | | 5000 5001 |
elasticagent | elastic-agent elastic-endpoint | elastic-agent | 6789 | | 6791 |
fleetserver | fleet-server elastic-agent | fleet-server | 8220 | | |
apmserver | apm-server | apm-server elastic-apm | 8200 | | |
vector | vector | vector-dev | 8686 | 9000 | |
nxlog | nxlog | nxlog | 514 1514 | | |
oxidized | ruby oxidized | oxidized | 8888 | | | http
netdisco | netdisco-web perl | netdisco | 5000 | | | http
frontiersquid | frontier-squid squid | frontier-squid | 3128 | | | proxy
xrootd | xrootd | xrootd | 1094 | 1095 | |
cmsd | cmsd | cmsd xrootd-cmsd | 1213 2131 | | |
gridftp | globus-gridftp-server globus-gridftp | gridftp gsiftp globus-gridftp | 2811 | | |
dcache | java | dcache dcap | 22125 | 2288 2880 8443 | 22224 |
srm | java srmv2.2 bestman | srm storm-frontend | 8443 8444 | 8446 | |
bdii | slapd | bdii | 2170 | | | ldap
argus | java | argus-pap argus-pdp argus-pep | 8150 8152 8154 | | 8151 8153 8155 |
voms | voms java | voms vomsd | 15000 8443 | 15001 15002 | |
myproxy | myproxy-server | myproxy | 7512 | | |
perfsonar | owampd bwctld pscheduler | perfsonar owamp bwctl | 861 4823 443 | | |
orangefs | pvfs2-server | orangefs pvfs2 | 3334 | | |
irods | irodsServer irodsReServer | irods | 1247 | 1248 | |
slurmrestd | slurmrestd | slurmrestd | 6820 | | |
rstudio | rserver | rstudio rstudio-server posit | 8787 | | | http
shinyserver | shiny-server | shiny shiny-server | 3838 | | | http
rlm | rlm | rlm reprise | 5053 5054 |  |  | licences
lserv | lserv lservnt | sentinel-rms lserv | 5093 |  |  | licences
codemeter | CodeMeterLin CodeMeter | codemeter wibu wibukey | 22350 | 22352 |  | licences
hasplm | hasplmd hasplms | hasp hasplm hasplmd aladdin sentinel-ldk | 1947 |  |  | licences
mathlm | mathlm | mathlm mathematica-license | 16286 16287 |  |  | licences
milvus | milvus | milvus | 19530 | | 9091 |
qdrant | qdrant | qdrant | 6333 6334 | | | http
weaviate | weaviate | weaviate | 8080 | 50051 | | http
redpanda | redpanda | redpanda | 9092 | 8081 8082 | 9644 33145 | queue
rocketmq | java | rocketmq | 9876 10911 | 10909 | | queue
qpidd | qpidd | qpid qpidd | 5672 5671 | | | queue
yugabyte | yb-tserver | yugabyte yugabytedb yb-tserver | 5433 9042 | | 9100 9000 |
ybmaster | yb-master | yb-master | 7100 | | 7000 |
ferretdb | ferretdb | ferretdb | 27017 | | 8080 | db
sqlanywhere | dbsrv dbsrv* | sqlanywhere sql-anywhere sybase-iq | 2638 | | | db
filemaker | fmserverd | filemaker fmserver | 5003 | 2399 | 16000 16001 | db
marklogic | MarkLogic | marklogic | 8000 8002 | 8001 | 7998 7999 |
existdb | java | exist-db existdb | 8080 | 8443 | | http
monetdb | mserver5 monetdbd | monetdb | 50000 | | | db
h2db | java | h2-database h2db | 9092 8082 | | | db
derby | java | derby | 1527 | | | db
ssas | msmdsrv | ssas analysis-services msolap | 2383 | 2382 | |
ssrs | ReportingServicesService ReportingServic | ssrs reporting-services reportserver sql-reporting | 80 443 | 8081 8080 | | http https
sqlbrowser | sqlbrowser | sqlbrowser sql-browser | 1434 | | |
msmq | mqsvc | msmq | 1801 | 2103 2105 | | queue
adws | Microsoft.ActiveDirectory.WebServices | adws ad-web-services | 9389 | | |
certsvc | certsrv | certsvc adcs certificate-services | 135 | 443 | |
dhcpwindows | tcpsvcs svchost | dhcpserver | 67 | | |
windowsmtp | inetinfo | smtpsvc iis-smtp | 25 | | | smtp
exchangetransport | MSExchangeTransport edgetransport | msexchangetransport exchange-transport | 25 587 | 2525 | | smtp
exchangefrontend | MSExchangeFrontendTransport | msexchangefrontendtransport frontend-transport | 25 587 | 717 | | smtp
exchangeimap | Microsoft.Exchange.Imap4 Microsoft.Exchange.Imap4Service | msexchangeimap4 exchange-imap | 143 993 | | | imap
exchangepop | Microsoft.Exchange.Pop3 | msexchangepop3 exchange-pop | 110 995 | | | pop3
backupexec | beremote beserver | backupexec backup-exec beremote | 10000 | 6101 | |
nakivo | java | nakivo | 4443 | | | http
symantec | SemSvc | sepm symantec-endpoint | 8443 8014 | 8445 | 9090 |
kaspersky | klserver klnagent | kaspersky kav-server klserver | 13000 14000 | 13291 | |
eset | ERAServer | eset-era eset-protect | 2222 2223 | | |
savdi | savdid | savdi sophos-savdi | 4010 | | |
ctdb | ctdbd | ctdb ctdbd | 4379 | | |
conntrackd | conntrackd | conntrackd | 3780 | | |
miniupnpd | miniupnpd | miniupnpd upnp | 1900 5000 | 5351 | |
coovachilli | chilli | coova-chilli chilli | 3990 | | |
dnscryptproxy | dnscrypt-proxy | dnscrypt dnscrypt-proxy | 53 | 5353 | | dns
stubby | stubby | stubby | 53 | 8053 | | dns
blocky | blocky | blocky-dns | 53 | 4000 | | dns
gdnsd | gdnsd | gdnsd | 53 | | | dns
yadifa | yadifad | yadifa yadifad | 53 | | | dns
maradns | maradns Deadwood | maradns deadwood | 53 | | | dns
smartdns | smartdns | smartdns | 53 | | | dns
fastd | fastd | fastd | 10000 | | | vpn
n2n | supernode edge | n2n supernode | 7654 | | | vpn
sstp | accel-pppd | sstp accel-ppp | 443 1723 | | 2000 2001 | vpn
ufdbguard | ufdbguardd | ufdbguard ufdbguardd | 3977 | | |
nomachine | nxserver.bin nxd | nomachine nxserver freenx | 4000 | | |
rustdesk | hbbs hbbr | rustdesk hbbs | 21115 21116 21117 | 21118 21119 | |
meshcentral | node | meshcentral | 443 | 4433 80 | | http https
anydesk | anydesk | anydesk | 7070 | | |
pcoip | pcoip-server | pcoip teradici | 4172 443 | | |
ganetinoded | ganeti-noded | ganeti-noded | 1811 | | |
ganetirapi | ganeti-rapi | ganeti-rapi rapi | 5080 | | |
ganeticonfd | ganeti-confd | ganeti-confd | 1814 | | |
multicraft | multicraft | multicraft | 25465 | | |
zoneminder | apache2 zms | zoneminder | 80 443 | | | http https
frigate | docker-proxy python | frigate | 5000 8971 | 1984 8554 | |
motion | motion | motion-camera motioneye | 8081 8765 | 8080 | |
rtsp | mediamtx rtsp-simple-server | rtsp mediamtx | 554 8554 | | |
zigbee2mqtt | node | zigbee2mqtt | 8080 | | | http
esphome | python esphome | esphome | 6052 | | | http
domoticz | domoticz | domoticz | 8080 | 443 | | http
evcc | evcc | evcc | 7070 | | | http
klipper | moonraker python | moonraker klipper mainsail | 7125 | 80 | | http
paperless | granian gunicorn python docker-proxy | paperless paperless-ngx | 8000 8010 | | | http
immich | docker-proxy immich node | immich | 2283 | 3001 | | http
photoprism | photoprism docker-proxy | photoprism | 2342 | | | http
calibreweb | python cps | calibre-web calibre | 8083 8080 | | | http
navidrome | navidrome | navidrome | 4533 | | | http
lidarr | Lidarr | lidarr | 8686 | | | http
prowlarr | Prowlarr | prowlarr | 9696 | | | http
bazarr | python bazarr | bazarr | 6767 | | | http
jackett | jackett | jackett | 9117 | | | http
qbittorrent | qbittorrent-nox | qbittorrent | 8080 | 6881 | | http
nzbget | nzbget | nzbget | 6789 | | | http
tautulli | python | tautulli | 8181 | | | http
overseerr | node | overseerr jellyseerr | 5055 | | | http
n8n | node n8n | n8n | 5678 | | | http
windmill | windmill | windmill | 8000 | | | http
mongoexpress | node | mongo-express | 8081 | | | http
adminer | php docker-proxy | adminer | 8080 | | | http
redisinsight | node | redisinsight redis-commander | 5540 8001 8081 | | | http
kafkaui | java | kafka-ui kafdrop akhq cmak kafka-manager | 8080 9000 | | | http
flower | celery python | celery-flower | 5555 | | | http
argocd | argocd-server | argocd argo-cd | 8080 8083 | 443 | 8082 8084 | http
drone | drone-server | drone-ci drone-server | 80 443 | | | http
woodpecker | woodpecker-server | woodpecker | 8000 | 9000 | | http
concourse | concourse | concourse | 8080 | 2222 | | http
gocd | java | gocd go-server | 8153 | 8154 | | http
buildbot | buildbot twistd | buildbot | 8010 | 9989 | | http
octopus | Octopus.Server | octopus-deploy octopus-server | 80 443 | 10943 | | http
javaapp | java jsvc | java-app java-application java-process java-server | 8080 8443 | 8081 8090 9000 | | http
pythonapp | python | python-app python-application python-process python-server | 8000 5000 | 8080 8888 | | http
rubyapp | ruby | ruby-app ruby-process ruby-server | 3000 | 9292 8080 | | http
`;
