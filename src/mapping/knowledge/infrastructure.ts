/** Mail, directory, names, files, access, network, monitoring, virtualisation; columns as in web-and-apps.ts. */
export const INFRASTRUCTURE = `
postfix | master smtpd postscreen | postfix postfix-master | 25 465 587 | 2525 10025 | | smtp
exim | exim4 exim exim-4 | exim exim4 | 25 465 587 | 2525 | | smtp
sendmail | sendmail sendmail-mta sm-mta | sendmail sm-mta | 25 587 | 465 | | smtp
qmail | qmail-smtpd tcpserver qmail-send | qmail netqmail | 25 587 465 | | | smtp
opensmtpd | smtpd opensmtpd | opensmtpd smtpd | 25 587 465 | | | smtp
courier | couriertcpd courierd esmtpd | courier courier-imap courier-mta couriertcpd | 143 993 110 995 | 25 465 587 | | imap pop3 smtp
haraka | node haraka | haraka | 25 587 465 | | | smtp
stalwart | stalwart stalwart-mail | stalwart | 25 465 587 143 993 | 110 995 4190 | 8080 | smtp imap pop3 sieve
exchange | MSExchange* edgetransport edgetransport.ex Microsoft.Exchange.* | exchange msexchange exchange-server ms-exchange edge-transport | 25 443 587 | 143 993 110 995 | 2525 | smtp
zimbra | zmmailboxd java nginx | zimbra zmmailboxd zimbra-mailbox | 143 993 110 995 7025 | 8080 8443 | 7071 | imap pop3
groupwise | gwpoa gwmta gwia | groupwise gwia | 1677 7100 | 25 143 110 | 7181 | smtp imap
domino | server domino http smtp nserver | domino lotus-domino lotus-notes notes-server | 1352 | 25 143 389 80 443 | |
kopano | kopano-server zarafa-server kopano-gateway kopano-ical | kopano zarafa | 236 237 | 8080 143 993 110 995 | | imap pop3
dovecot | dovecot imap-login pop3-login | dovecot | 143 993 110 995 4190 | 24 12345 | | imap pop3 sieve sasl
cyrus | cyrus-master cyrmaster imapd pop3d cyrus-imapd | cyrus cyrus-imap cyrus-imapd cyrus-master | 143 993 110 995 4190 | 2003 | 3905 | imap pop3 sieve
amavis | amavisd amavisd-new amavisd-milter amavi amavis | amavis amavisd amavisd-new amavis-new | 10024 | 10026 9998 | |
clamd | clamd clamd.amavisd clamav-daemon | clamd clamav clamav-daemon clamd-daemon clam clam-av clamdscan | 3310 | | |
clamavmilter | clamav-milter | clamav-milter | 7357 | | |
spamd | spamd spamassassin perl | spamd spamassassin spam-assassin | 783 | 11783 | |
rspamd | rspamd | rspamd | 11332 11333 | | 11334 |
rspamdweb | rspamd | rspamd-web rspamd-controller rspamd-ui rspamd-webui | 11334 | | |
opendkim | opendkim | opendkim dkim dkim-milter | 8891 | 12301 | |
opendmarc | opendmarc | opendmarc | 8893 | | |
postgrey | postgrey perl | postgrey greylisting sqlgrey | 10023 | 60000 2501 | |
policyd | policyd cbpolicyd perl | policyd cbpolicyd policy-daemon | 10031 | | |
saslauthd | saslauthd | saslauthd sasl | | | |
mailman | python mailman | mailman mailman3 | 8024 8001 | | | lmtp
sympa | sympa_msg.pl sympa.pl | sympa | | | |
fetchmail | fetchmail | fetchmail | | | |
roundup | python | roundup | 8080 | | |
openldap | slapd | openldap slapd syncrepl | 389 636 | 3389 | | ldap
dirsrv | ns-slapd | 389ds dirsrv ns-slapd directory-server 389-ds fedora-ds redhat-ds sun-ds | 389 636 | | | ldap
apacheds | java | apacheds opendj opends forgerock-ds | 10389 1389 10636 | 389 636 1636 | 4444 | ldap
activedirectory | lsass ntds samba | active-directory activedirectory ntds domain-controller ad-replication ad-dc addc domaincontroller dcdiag | 389 636 | 88 445 53 3268 3269 464 135 | | ldap
ipa | httpd ns-slapd | freeipa ipa-server ipaserver | 443 389 636 | 80 | | ldap
kerberos | krb5kdc lsass samba | kerberos krb5kdc kdc krb5 krb | 88 | 750 | |
kadmin | kadmind | kadmin kadmind kpasswd | 749 464 | | |
nscd | nscd nslcd sssd | nscd nslcd sssd | | | |
bind | named bind9 | bind bind9 named rndc isc-bind | 53 | 853 443 | 953 8053 | dns
unbound | unbound | unbound | 53 | 853 | 8953 | dns
dnsmasq | dnsmasq | dnsmasq | 53 | 67 69 | | dns
pdns | pdns_server pdns pdns_server-inst | pdns powerdns pdns-server powerdns-auth pdns-auth | 53 | | 8081 | dns
pdnsrecursor | pdns_recursor pdns-recursor pdns_recurso | pdns-recursor powerdns-recursor pdnsrec recursor | 53 | | 8082 | dns
dnsdist | dnsdist | dnsdist | 53 | 853 443 | 8083 5199 | dns
knot | knotd kresd | knot knotd knot-dns kresd knot-resolver | 53 | 853 | 8453 | dns
nsd | nsd | nsd | 53 | | 8952 | dns
coredns | coredns | coredns kube-dns kubedns | 53 | | 9153 8080 8181 | dns
djbdns | tinydns dnscache axfrdns | tinydns dnscache djbdns | 53 | | | dns
resolved | systemd-resolve systemd-resolved | systemd-resolved resolved systemd-resolve | 53 | 5355 | | dns
pihole | pihole-FTL | pihole pi-hole pihole-ftl | 53 | 80 67 | 4711 | dns http
adguard | AdGuardHome | adguard adguardhome | 53 3000 | 80 443 853 | | dns http
windowsdns | dns dns.exe | | 53 | | | dns
dhcpd | dhcpd dhcpd3 kea-dhcp4 kea-dhcp6 dhcpd6 dnsmasq isc-dhcp-server kea | dhcp dhcpd isc-dhcp isc-dhcp-server kea dhcp-server kea-dhcp4 dhcp4 bootp dhcpserver | 67 | 547 | 647 847 7911 8000 |
dhcp6 | dhcpd kea-dhcp6 dhcpd6 | dhcpv6 dhcp6 kea-dhcp6 | 547 | | |
radvd | radvd | radvd | | | |
avahi | avahi-daemon | avahi avahi-daemon mdns zeroconf bonjour | 5353 | | |
ntpd | ntpd ntp ntpsec openntpd xntpd | ntp ntpd ntpsec openntpd ntp-server ntp-service zeitserver timeserver time-server ntp-peer ntp-daemon ntp-dienst sntp | 123 | | | ntp
chrony | chronyd | chrony chronyd | 123 | | 323 | ntp
timesyncd | systemd-timesyn | systemd-timesyncd timesyncd | | | |
ptp | ptp4l ptpd | ptp ptp4l ptpd | 319 320 | | |
sshd | sshd dropbear ssh | sshd openssh dropbear openssh-server ssh-server ssh-daemon | 22 | 2222 | | ssh
telnetd | in.telnetd telnetd inetd xinetd | telnet telnetd | 23 | | |
rlogin | in.rlogind in.rshd inetd xinetd | rlogin rsh rexec | 513 514 | 512 | |
inetd | inetd xinetd openbsd-inetd | inetd xinetd inet-superserver | | | |
vsftpd | vsftpd | vsftpd | 21 | 990 | | ftp
proftpd | proftpd | proftpd | 21 | 990 2222 | | ftp
pureftpd | pure-ftpd pure-ftpd-mysql | pure-ftpd pureftpd | 21 | 990 | | ftp
filezilla | filezilla FileZilla* | filezilla | 21 990 | | 14147 | ftp
wuftpd | in.ftpd ftpd wu-ftpd inetd xinetd | wu-ftpd ftpd | 21 | | | ftp
sftpgo | sftpgo | sftpgo | 2022 | 21 | 8080 | ssh
tftpd | in.tftpd tftpd tftpd-hpa atftpd dnsmasq inetd xinetd | tftp tftpd atftpd tftp-server tftpd-hpa | 69 | | |
rsyncd | rsync rsyncd xinetd | rsync rsyncd rsync-daemon rsync-server | 873 | | |
samba | smbd smb nmbd winbindd samba | samba smbd smb cifs netbios-ssn winbind winbindd samba-server windows-share | 445 139 | | | fileserver
nmbd | nmbd | nmbd netbios netbios-ns wins | 137 138 | | |
nfs | - nfsd rpc.nfsd kernel ganesha.nfsd | nfs nfsd nfs-server nfs4 nfsv4 ganesha nfs-ganesha nfs-kernel-server nfs-daemon | 2049 | | | fileserver
mountd | rpc.mountd mountd | mountd rpc-mountd nfs-mountd | 20048 | | |
statd | rpc.statd | statd rpc-statd nfs-statd lockd | | | |
rpcbind | rpcbind portmap systemd init | rpcbind portmap portmapper sunrpc rpc rpcinfo | 111 | | |
nis | ypserv ypbind | ypserv nis yp ypbind | 834 | | |
iscsi | - tgtd iscsid ietd scst | iscsi tgtd iscsi-target tgt lio open-iscsi | 3260 | | |
nbd | nbd-server | nbd nbd-server | 10809 | | |
drbd | - drbd | drbd | 7788 7789 | 7790 7791 | |
afs | fileserver volserver | openafs afs afs-fileserver | 7000 | 7005 | |
netatalk | afpd cnid_metad | afp afpd netatalk appletalk | 548 | | | fileserver
gluster | glusterd glusterfsd | gluster glusterfs glusterd | 24007 | 49152 49153 | 24008 |
cephmon | ceph-mon | ceph-mon ceph ceph-monitor ceph-health | 6789 3300 | | |
cephosd | ceph-osd | ceph-osd osd | 6800 6801 6802 6803 | | |
cephmgr | ceph-mgr | ceph-mgr ceph-dashboard | 8443 8080 | | 9283 |
cephrgw | radosgw | radosgw ceph-rgw rados-gateway rgw | 7480 8080 | 80 443 | | http s3
cephmds | ceph-mds | ceph-mds mds | 6800 | | |
lustre | - | lustre | 988 | | |
moosefs | mfsmaster mfschunkserver | moosefs lizardfs mfsmaster | 9421 9420 | 9419 9422 | |
beegfs | beegfs-mgmtd beegfs-meta beegfs-storage | beegfs | 8008 8005 8003 | | |
openvpn | openvpn | openvpn open-vpn ovpn | 1194 | 443 1195 1196 | 7505 5555 | vpn
wireguard | - wireguard wg-quick | wireguard wg wg0 wg1 | 51820 | 51821 51822 | | vpn
ipsec | charon pluto racoon charon-systemd iked starter strongswan | ipsec strongswan charon openswan libreswan ike ikev2 pluto racoon isakmp | 500 4500 | | | vpn
pptp | pptpd | pptp pptpd | 1723 | | | vpn
l2tp | xl2tpd | l2tp xl2tpd | 1701 | | | vpn
ocserv | ocserv | ocserv openconnect anyconnect | 443 | 4443 | | vpn
softether | vpnserver | softether | 443 992 | 5555 | | vpn
tailscale | tailscaled | tailscale tailscaled | 41641 | | |
zerotier | zerotier-one | zerotier | 9993 | | |
tinc | tincd | tinc tincd | 655 | | | vpn
freeradius | freeradius radiusd | radius freeradius radiusd radius-auth radius-server | 1812 | 1645 | 18120 18121 3799 |
radiusacct | freeradius radiusd | radius-accounting radius-acct accounting-radius radacct | 1813 | 1646 | |
nps | svchost ias | nps ias-service | 1812 1813 | | |
radsecproxy | radsecproxy | radsecproxy radsec rad-sec eduroam-proxy | 2083 | 1812 | |
tacacs | tac_plus | tacacs tac-plus tacacs-plus | 49 | | |
diameter | freeDiameterd | diameter freediameter | 3868 | | |
snmpd | snmpd | snmpd net-snmp snmp snmp-agent snmp-daemon | 161 | | 199 705 |
snmptrapd | snmptrapd snmptt | snmptrapd snmp-trap snmptrap snmptt trapd | 162 | | |
nrpe | nrpe nrpe-ng xinetd nrpe-server | nrpe nrpe-agent nagios-nrpe nagios-nrpe-server nrpe-server nrpe-daemon nrped nagios-agent | 5666 | | |
nsca | nsca | nsca nsca-daemon nsca-server | 5667 | | |
nsclient | nscp nscp.exe NSClient++ | nsclient nscp nsclientpp nsc-client | 5666 12489 | 8443 | |
ncpa | ncpa ncpa_listener python | ncpa ncpa-agent ncpa-listener | 5693 | | |
checkmkagent | check_mk_agent cmk-agent-ctl cmk-agentd systemd xinetd check-mk-agent | check-mk checkmk-agent check-mk-agent cmk-agent cmk-agent-ctl cmk-agent-ctl-daemon checkmk | 6556 | | |
icinga2 | icinga2 | icinga icinga2 icinga-api icinga2-api icinga2-agent icinga2-cluster icinga-cluster icinga2-daemon icinga-agent icinga2-zone | 5665 | | |
livestatus | xinetd livestatus unixcat cmc | livestatus mk-livestatus | 6557 | 6558 | |
nagioscore | nagios nagios4 naemon | nagios nagios-core naemon nagios-daemon | | | |
ndo2db | ndo2db ido2db | ndo2db ido2db | 5668 | | |
zabbixagent | zabbix_agentd zabbix_agent2 zabbix_agent | zabbix-agent zabbix-agentd zabbix-agent2 | 10050 | | |
zabbixserver | zabbix_server zabbix_proxy | zabbix zabbix-server zabbix-proxy | 10051 | | |
collectd | collectd collectdmon | collectd | 25826 | | 25827 |
carboncache | carbon-cache carbon-c-relay carbon-relay-ng go-carbon carbon-relay python | carbon carbon-cache graphite-carbon graphite carbon-c-relay go-carbon carbon-relay | 2003 2004 7002 | 2013 2014 2023 | |
carbonaggregator | carbon-aggregator python | carbon-aggregator carbon-aggr | 2023 2024 2013 2014 7102 | | |
graphiteweb | gunicorn graphite-api uwsgi python | graphite-web graphite-api graphiteweb | 8080 8000 | 8888 80 | | http
telegraf | telegraf | telegraf | 8125 8094 | 8092 9273 | |
munin | munin-node perl | munin munin-node | 4949 | | |
monit | monit | monit | 2812 | | | http
supervisord | supervisord python | supervisord supervisor | 9001 | | | http
nut | upsd upsmon | nut upsd ups nut-server ups-daemon network-ups-tools | 3493 | | |
apcupsd | apcupsd | apcupsd | 3551 | | |
smokeping | smokeping smokeping_cgi perl | smokeping | | | |
ntopng | ntopng | ntopng ntop | 3000 | | | http
nfcapd | nfcapd nfdump sfcapd | nfcapd netflow sflow nfsen | 9995 2055 | 6343 9996 | |
rsyslog | rsyslogd | rsyslog rsyslogd syslog syslogd syslog-server syslogserver | 514 | 10514 6514 20514 601 1514 | |
syslogng | syslog-ng syslog-ng-ctl | syslog-ng syslogng | 514 601 | 6514 5514 | |
fluentd | fluentd td-agent ruby fluent-bit | fluentd td-agent fluent fluent-bit fluentbit | 24224 | 24225 5140 | 24220 24230 2020 |
filebeat | filebeat metricbeat | filebeat metricbeat | | | 5066 |
splunkd | splunkd | splunk splunkd | 8089 8000 9997 | 8088 514 | 8191 8065 |
splunkweb | splunkd python splunkweb | splunk-web splunkweb | 8000 | | | http
wazuh | wazuh-remoted ossec-remoted wazuh-authd | wazuh ossec ossec-remoted wazuh-remoted wazuh-manager | 1514 | 1515 | 55000 |
dockerd | dockerd docker docker-engine | docker dockerd docker-daemon docker-engine dockerdaemon docker-service docker-socket docker-api | 2375 2376 | | 2377 7946 9323 |
containerd | containerd | containerd | | | |
podman | podman conmon | podman | 8080 | | |
kubeapiserver | kube-apiserver k3s-server k3s apiserver | kube-apiserver kubernetes k8s kube-api kubernetes-api kubeapi k8s-api apiserver api-server-kube kubernetes-nodes kubernetes-apiserver k8s-apiserver kube-nodes k8s-nodes kubernetes-api-server | 6443 | 443 8443 8080 | |
kubelet | kubelet k3s | kubelet | 10250 | 10255 | 10248 |
kubeproxy | kube-proxy | kube-proxy kubeproxy | 10256 | 10249 | |
kubescheduler | kube-scheduler | kube-scheduler kubescheduler | 10259 10251 | | |
kubecontroller | kube-controller-manager kube-controller | kube-controller-manager kube-controller kubecontrollermanager controller-manager | 10257 10252 | | |
cloudcontroller | cloud-controller-manager | cloud-controller-manager | 10258 | | |
ingress | nginx nginx-ingress-controller traefik | ingress ingress-controller nginx-ingress | 80 443 | | 10254 | http https
calico | calico-node bird | calico calico-felix felix | 9099 179 | 9091 | |
flannel | flanneld | flannel | 8472 | | |
weave | weaver | weave weave-net | 6783 | 6784 | |
rancher | rancher | rancher | 443 80 | 8443 | |
openshift | openshift hyperkube | openshift | 8443 6443 | | |
dockerswarm | dockerd | docker-swarm swarm | 2377 | 7946 | |
mesos | mesos-master mesos-slave mesos-agent | mesos mesos-master mesos-slave mesos-agent | 5050 5051 | | | http
marathon | java | marathon | 8080 | | | http
libvirtd | libvirtd virtqemud virtproxyd | libvirt libvirtd virsh | 16509 16514 | | |
qemu | qemu-system-x86 kvm qemu-kvm qemu-system* | qemu kvm | 5900 5901 | | |
proxmox | pveproxy pvedaemon spiceproxy | proxmox pve pveproxy proxmox-ve pve-web pvedaemon | 8006 | 3128 | 85 |
proxmoxbackup | proxmox-backup-proxy proxmox-backup-api proxmox-backup* | proxmox-backup proxmox-backup-server pbs pbs-web | 8007 | | 82 |
vmware | hostd vpxd vmware-hostd rhttpproxy | vmware vcenter vsphere esxi vpxd hostd vmware-hostd esx | 443 902 | 5480 | |
xen | xapi xend | xen xapi xend xenserver | 443 8000 | 80 8002 | |
hyperv | vmms | hyperv hyper-v | 2179 | | |
ovirt | java ovirt-engine vdsmd | ovirt ovirt-engine rhev vdsm | 443 54321 | 80 | |
opennebula | oned ruby | opennebula oned | 2633 9869 | 29876 | |
cloudstack | java | cloudstack | 8080 | | 8250 9090 |
keystone | keystone-all keystone uwsgi apache2 httpd | keystone openstack-identity keystone-public keystone-api | 5000 | | 35357 | http
novaapi | nova-api nova-api-wsgi nova-api-os-comp | nova nova-api openstack-compute nova-compute-api nova-api-os | 8774 | | 8775 | http
novametadata | nova-api nova-api-metadata nova-api-metada | nova-metadata nova-api-metadata | 8775 | | | http
novascheduler | nova-scheduler | nova-scheduler | | | |
novaconductor | nova-conductor | nova-conductor | | | |
novacompute | nova-compute | nova-compute | | | |
novncproxy | nova-novncproxy | novncproxy nova-novncproxy nova-vncproxy novnc nova-novnc nova-console | 6080 | | | http
neutron | neutron-server neutron-server: | neutron neutron-server quantum openstack-network neutron-api | 9696 | | | http
neutronagents | neutron-dhcp-agent neutron-l3-agent neutron-openvswitch-agent | neutron-agent neutron-dhcp-agent neutron-l3-agent neutron-openvswitch-agent neutron-metadata-agent | | | |
glance | glance-api | glance glance-api openstack-image | 9292 | | | http
glanceregistry | glance-registry | glance-registry | 9191 | | | http
cinder | cinder-api cinder-wsgi | cinder cinder-api openstack-volume | 8776 | | | http
cindervolume | cinder-volume cinder-scheduler cinder-backup | cinder-volume cinder-scheduler | | | |
heat | heat-api | heat heat-api openstack-orchestration | 8004 | | | http
heatcfn | heat-api-cfn | heat-api-cfn heat-cfn | 8000 | | | http
heatengine | heat-engine | heat-engine | | | |
swiftproxy | swift-proxy-server swift-proxy | swift swift-proxy swift-proxy-server openstack-object | 8080 | | | http
swiftaccount | swift-account-server swift-account-s swift-account | swift-account swift-account-server | 6202 6002 | | |
swiftcontainer | swift-container-server swift-container | swift-container swift-container-server | 6201 6001 | | |
swiftobject | swift-object-server swift-object-se swift-object | swift-object swift-object-server | 6200 6000 | | |
ironic | ironic-api | ironic ironic-api | 6385 | | | http
placement | placement-api uwsgi | placement placement-api | 8778 | | | http
horizon | apache2 httpd nginx | horizon openstack-dashboard | 80 443 | | | http https
ceilometer | ceilometer-api | ceilometer ceilometer-api | 8777 | | | http
aodh | aodh-api aodh-wsgi | aodh aodh-api | 8042 | | | http
gnocchi | gnocchi-api | gnocchi gnocchi-api | 8041 | | | http
barbican | barbican-api uwsgi | barbican barbican-api | 9311 | | | http
designate | designate-api designate-mdns | designate designate-api | 9001 | 5354 | | http
magnum | magnum-api | magnum magnum-api | 9511 | | | http
octavia | octavia-api | octavia octavia-api | 9876 | | | http
manila | manila-api | manila manila-api | 8786 | | | http
trove | trove-api | trove trove-api | 8779 | | | http
sahara | sahara-api | sahara sahara-api | 8386 | | | http
murano | murano-api | murano murano-api | 8082 | | | http
mistral | mistral-server | mistral mistral-api | 8989 | | | http
puppetserver | java ruby puppetmasterd puppet | puppetserver puppetmaster puppet-server puppet-master puppet-ca puppetmasterd | 8140 | | |
puppetdb | java | puppetdb puppet-db | 8081 8080 | | | http
mcollective | mcollectived ruby | mcollective mcollectived | | | |
chefserver | nginx oc_erchef beam.smp chef-server | chef-server chefserver erchef | 443 | 80 8000 | |
saltmaster | salt-master python | salt-master salt saltmaster saltstack | 4505 4506 | | |
saltapi | salt-api python | salt-api | 8000 | | |
cfengine | cf-serverd | cfengine cf-serverd | 5308 | | |
rudder | java rudder | rudder | 443 5309 | 514 | |
corosync | corosync | corosync coromaker totem | 5405 5404 | | |
pacemaker | pacemakerd pacemaker-remoted pacemaker-remot | pacemaker pacemakerd pacemaker-remote crm crm-mon | 3121 | | |
pcsd | pcsd ruby python | pcsd pcs | 2224 | | |
heartbeat | heartbeat | heartbeat linux-ha | 694 | | |
keepalived | keepalived | keepalived vrrp | | | |
hawk | hawk puma ruby lighttpd | hawk | 7630 | | | http
booth | boothd | boothd | 9929 | | |
rgmanager | rgmanager clurgmgrd dlm_controld | rgmanager ricci dlm | 11111 21064 | | |
cups | cupsd cups-browsed systemd | cups cupsd ipp print-server printserver druckserver cups-daemon | 631 | | | printer
lpd | lpd inetd xinetd | lpd lpr line-printer | 515 | | | printer
jetdirect | | jetdirect raw-printing hp-jetdirect | 9100 | | |
saned | saned systemd xinetd | saned sane | 6566 | | |
xrdp | xrdp xrdp-sesman | xrdp rdp remote-desktop terminal-server remotedesktop terminalserver mstsc ts-service | 3389 | | 3350 |
vnc | Xvnc vncserver x11vnc Xtightvnc tigervnc Xtigervnc vino-server | vnc vncserver x11vnc tigervnc | 5900 5901 | 5902 5800 | |
x2go | x2gocleansessio sshd | x2go | 22 | | |
xdmcp | gdm lightdm xdm | xdmcp | 177 | | |
citrix | ctxsvc | citrix citrix-ica ica xenapp | 1494 2598 | 80 443 | |
winrm | System svchost | winrm ws-management powershell-remoting | 5985 5986 | | |
msrpc | svchost rpcss | msrpc rpcss | 135 | | |
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
slurm | slurmctld slurmd slurmdbd | slurm slurmctld | 6817 | | |
slurmd | slurmd | slurmd | 6818 | | |
slurmdbd | slurmdbd | slurmdbd | 6819 | | |
munge | munged | munge | | | |
pbs | pbs_server pbs_mom pbs_sched | torque pbs-server pbs-mom openpbs torque-server | 15001 | 15002 15003 15004 | |
gridengine | sge_qmaster sge_execd | gridengine sge qmaster sge-qmaster grid-engine | 6444 6445 | | |
htcondor | condor_collecto condor_collector condor_master condor_shared_port condor_schedd | condor htcondor | 9618 | | |
lsf | lim mbatchd | lsf mbatchd | 7869 6881 | | |
flexlm | lmgrd lmadmin | flexlm lmgrd flexnet license-server lizenzserver flexlm-license lmutil lmstat | 27000 1055 | 27001 1700 7788 | |
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
backuppc | BackupPC perl | backuppc | | | |
sapdispatcher | dw.sap* disp+work | sap-dispatcher dispatcher disp-work sap-dialog sap-dw sap-gui sapgui dw-sap sap-dialogue sap-instance | 3200 | 3201 3210 | | sap
sapgateway | gwrd | sap-gateway sap-gw gwrd | 3300 | 3301 | | sap
sapmessage | ms.sap* msg_server | sap-message-server sap-ms message-server msg-server messageserver sap-message | 3600 | 3601 8101 | 3900 | sap
sapicm | icman | sap-icm icm icman sap-web | 8000 44300 | 443 80 8001 | | http sap
sapstartsrv | sapstartsrv | sapstartsrv sapcontrol sap-start-service sap-control sap-hostcontrol | 50013 | 50014 50113 | | sap
saphostctrl | sapstartsrv saphostexec | saphostagent saphostctrl saphostcontrol sap-host-agent | 1128 | 1129 | |
saprouter | saprouter | saprouter | 3299 | | |
sap | | sap sap-system sap-abap | 3200 | | | sap
tuxedo | WSL BBL | tuxedo | | | |
hpsmh | hpsmhd smhstart | smh hpsmh hpsmhd hp-smh hp-system-management-homepage system-management-homepage | 2381 | 2301 | | http
omsa | dsm_om_connsvcd dsm_om_connsvc | omsa dsm-om | 1311 | | | http
ipmi | ipmievd ipmi_sim | | 623 | | |
bgpd | bgpd bird bird6 gobgpd | bgp bgpd | 179 | | 2605 |
bird | bird bird6 | bird birdc | 179 | | |
ospfd | ospfd | | | | 2604 |
zebra | zebra | zebra quagga frr | 2601 | | |
hsflowd | hsflowd | hsflowd | | | |
fail2ban | fail2ban-server fail2ban-serve | fail2ban | | | |
crowdsec | crowdsec | crowdsec | 8080 | | 6060 |
suricata | suricata Suricata-Main | suricata snort | | | |
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
smartd | smartd | smartd | | | |
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
ldirectord | ldirectord perl | ldirectord | | | |
epmd | epmd | epmd erlang-port-mapper port-mapper erlang-portmapper | 4369 | | |
gluu | java | gluu | 443 | | |
rpcrquotad | rpc.rquotad | rquotad rpc-rquotad quota-daemon | 875 | | |
cron | cron crond anacron | cron crond cronie cron-daemon crond-process | | | |
atd | atd | atd | | | |
dbus | dbus-daemon | dbus dbus-daemon | | | |
udevd | systemd-udevd udevd | udev udevd | | | |
`;
