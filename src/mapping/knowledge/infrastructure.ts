/** Telephony, chat, printing, batch systems, backup, SAP, routing and what else stands in a machine room; columns as in web-and-apps.ts. */
export const INFRASTRUCTURE = `
asterisk | asterisk | asterisk pbx freepbx iax iax2 | 5060 | 5061 4569 8088 8089 | 5038 2727 | sip pbxcategory
asteriskmanager | asterisk | asterisk-manager ami asterisk-ami | 5038 | | |
freeswitch | freeswitch | freeswitch | 5060 | 5080 5061 | 8021 | sip pbxcategory
kamailio | kamailio opensips openser | kamailio opensips openser sip-proxy | 5060 | 5061 | 2049 | sip pbxcategory
coturn | turnserver coturn | coturn turn turnserver stun turn-server stun-server | 3478 | 5349 | 5766 |
jitsi | java prosody jicofo jvb | jitsi jvb videobridge jitsi-videobridge | 10000 4443 | 8080 | |
janus | janus | janus | 8088 8188 | | 7088 |
bigbluebutton | nginx freeswitch java | bigbluebutton bbb | 443 80 | | |
ejabberd | beam.smp ejabberd ejabberdctl | ejabberd | 5222 5269 | 5223 | 5280 5443 4369 | xmpp
prosody | lua prosody lua5.1 lua5.2 lua5.3 lua5.4 | prosody | 5222 5269 | 5281 | 5280 5347 | xmpp
openfire | java openfire | openfire | 5222 5269 | 5223 7070 7777 | 9090 9091 | xmpp
xmpp | lua java beam.smp | xmpp jabber jabberd xmpp-client jabber-server | 5222 | 5223 5269 | | xmpp
xmpps2s | lua java beam.smp | xmpp-server xmpp-s2s s2s jabber-s2s | 5269 | | |
xmppbosh | lua java beam.smp | bosh xmpp-http xmpp-bosh | 5280 | 5281 | |
ircd | inspircd ircd unrealircd ngircd ircd-hybrid charybdis ratbox solanum | irc ircd inspircd unrealircd ngircd charybdis irc-server | 6667 | 6697 6666 6668 | 7000 |
murmur | murmurd mumble-server | mumble murmur murmurd mumble-server | 64738 | | 6502 |
teamspeak | ts3server ts3server_linux ts3server_amd64 | teamspeak ts3 teamspeak3 ts3server | 9987 | 30033 | 10011 |
ventrilo | ventrilo_srv | ventrilo | 3784 | | |
gameserver | srcds_linux hlds_linux | srcds hlds steam-server counter-strike source-server | 27015 | 27016 | |
nntp | innd leafnode nnrpd | nntp innd usenet inn leafnode news-server newsserver | 119 | 563 | |
gopher | gophernicus pygopherd inetd | gopher | 70 | | |
finger | in.fingerd inetd | finger fingerd | 79 | | |
whoisd | whoisd rwhoisd | whois-server whoisd | 43 | | |
ident | identd oidentd inetd | ident identd auth-ident oidentd | 113 | | |
dictd | dictd | dictd dict | 2628 | | |
daytime | inetd xinetd | daytime | 13 | | |
chargen | inetd xinetd | chargen | 19 | | |
distccd | distccd | distcc distccd | 3632 | | |
icecc | icecc-scheduler iceccd | icecc icecream | 8765 10245 | | |
fossology | fo_scheduler | fossology | 24693 | | |
slurm | slurmctld | slurm slurmctld slurm-controller | 6817 | | |
slurmd | slurmd | slurmd | 6818 | | |
slurmdbd | slurmdbd | slurmdbd | 6819 | | |
pbs | pbs_server pbs_mom pbs_sched | torque pbs-server pbs-mom openpbs torque-server | 15001 | 15002 15003 15004 | |
gridengine | sge_qmaster sge_execd | gridengine sge qmaster sge-qmaster grid-engine | 6444 6445 | | |
htcondor | condor_collecto condor_collector condor_master condor_shared_port condor_schedd | condor htcondor | 9618 | | |
lsf | lim mbatchd | lsf mbatchd | 7869 6881 | | |
flexlm | lmgrd lmadmin | flexlm lmgrd flexnet license-server lizenzserver flexlm-license lmutil lmstat | 27000 1055 | 27001 1700 7788 |  | licences
bareosdir | bareos-dir bacula-dir | bareos-dir bacula-dir bareos-director bacula-director bacula bareos bacula-directeur | 9101 | | |
bareosfd | bareos-fd bacula-fd | bareos-fd bacula-fd bareos-filedaemon bacula-client bacula-file bareos-client bareos-file bacula-file-daemon bareos-file-daemon | 9102 | | |
bareossd | bareos-sd bacula-sd | bareos-sd bacula-sd bareos-storage bacula-storage bacula-storage-daemon bareos-storage-daemon bacula-sd | 9103 | | |
amanda | amandad xinetd | amanda amandad | 10080 10082 | | |
tsm | dsmserv | tsm-server tsm dsmserv spectrum-protect | 1500 | 1543 | |
tsmclient | dsmcad dsmc | dsmcad dsmc tsm-client tsm-scheduler tsm-cad tsm-acceptor | 1581 | 1582 | |
netbackup | bpcd vnetd nbpem bprd pbx_exchange | netbackup bpcd vnetd nbu | 13782 13724 | 13720 1556 | |
networker | nsrexecd nsrd | networker nsrexecd legato nsr | 7937 7938 | | |
commvault | cvd cvfwd | commvault cvd simpana | 8400 | 8403 | |
veeam | Veeam* veeamservice veeamtransport | veeam veeam-agent veeamtransport | 9392 6160 | 6162 2500 | |
dataprotector | inet omniinet | dataprotector omniback data-protector | 5555 | | |
urbackup | urbackupsrv urbackupclientb | urbackup | 55414 | 55413 55415 | |
burp | burp | burp | 4971 | | |
sapdispatcher | dw.sap* disp+work | sap-dispatcher dispatcher disp-work sap-dialog sap-dw sap-gui sapgui dw-sap sap-dialogue sap-instance | 3200 | 3201 3210 | | sap
sapgateway | gwrd | sap-gateway sap-gw gwrd | 3300 | 3301 | | sap
sapmessage | ms.sap* msg_server | sap-message-server sap-ms message-server msg-server messageserver sap-message | 3600 | 3601 8101 | 3900 | sap
sapicm | icman | sap-icm icm icman sap-web | 8000 44300 | 443 80 8001 | | http sap
sapstartsrv | sapstartsrv | sapstartsrv sapcontrol sap-start-service sap-control sap-hostcontrol | 50013 | 50014 50113 | | sap
saphostctrl | sapstartsrv saphostexec | saphostagent saphostctrl saphostcontrol sap-host-agent | 1128 | 1129 | |
saprouter | saprouter | saprouter | 3299 | | |
sap | | sap sap-system sap-abap | 3200 | | | sap
hpsmh | hpsmhd smhstart | smh hpsmh hpsmhd hp-smh hp-system-management-homepage system-management-homepage | 2381 | 2301 | | http
omsa | dsm_om_connsvcd dsm_om_connsvc | omsa dsm-om | 1311 | | | http
ipmi | ipmievd ipmi_sim | | 623 | | |
bgpd | bgpd bird bird6 gobgpd | bgp bgpd | 179 | | 2605 |
bird | bird bird6 | bird birdc | 179 | | |
ospfd | ospfd | | | | 2604 |
zebra | zebra | zebra quagga frr | 2601 | | |
crowdsec | crowdsec | crowdsec | 8080 | | 6060 |
nessus | nessusd | nessus nessusd | 8834 | 1241 | |
openvas | openvassd gsad gvmd ospd-openvas | openvas gvm gsad greenbone | 9392 | 9390 443 | |
lxd | lxd incusd | lxd incus | 8443 | | |
teamviewer | teamviewerd | teamviewer | 5938 | | |
hylafax | hfaxd faxq | hylafax hfaxd fax-server faxserver | 4559 | 4557 | |
kannel | bearerbox smsbox | kannel bearerbox sms-gateway | 13000 13001 13013 | | |
tor | tor | tor | 9050 9001 | 9030 | 9051 |
i2p | i2pd java | i2p i2pd | 4444 | | 7657 |
bitcoind | bitcoind | bitcoin bitcoind | 8333 | | 8332 |
geth | geth | geth ethereum | 30303 8545 | 8546 | |
stratum | | stratum | 3333 | | |
hddtemp | hddtemp | hddtemp | 7634 | | |
lircd | lircd | lirc lircd | 8765 | | |
owserver | owserver | owserver owfs | 4304 | | |
knxd | knxd eibd | knx knxd eibd | 6720 3671 | | |
fhem | perl fhem.pl | fhem | 8083 7072 | | | http
iobroker | node iobroker.js-con iobroker* | iobroker | 8081 | 8082 9000 9001 | |
modbus | | modbus | 502 | | |
opcua | | opcua opc-ua | 4840 | | |
gpsd | gpsd systemd | gpsd | 2947 | | |
cicap | c-icap | c-icap icap cicap | 1344 | | |
e2guardian | e2guardian dansguardian | e2guardian dansguardian | 8080 | | | proxy
havp | havp | havp | 8080 | | | proxy
epmd | epmd | epmd erlang-port-mapper port-mapper erlang-portmapper | 4369 | | |
gluu | java | gluu | 443 | | |
rpcrquotad | rpc.rquotad | rquotad rpc-rquotad quota-daemon | 875 | | |
`;
