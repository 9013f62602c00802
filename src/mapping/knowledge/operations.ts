/** Monitoring, logs, containers, virtualisation, clouds, clusters; columns as in web-and-apps.ts. */
export const OPERATIONS = `
snmpd | snmpd | snmpd net-snmp snmp snmp-agent snmp-daemon | 161 | | 199 705 |
snmptrapd | snmptrapd snmptt | snmptrapd snmp-trap snmptrap snmptt trapd | 162 | | |
nrpe | nrpe nrpe-ng xinetd nrpe-server | nrpe nrpe-agent nagios-nrpe nagios-nrpe-server nrpe-server nrpe-daemon nrped nagios-agent | 5666 | | |
nsca | nsca | nsca nsca-daemon nsca-server | 5667 | | |
nsclient | nscp nscp.exe NSClient++ | nsclient nscp nsclientpp nsc-client | 5666 12489 | 8443 | |
ncpa | ncpa ncpa_listener python | ncpa ncpa-agent ncpa-listener | 5693 | | |
checkmkagent | check_mk_agent cmk-agent-ctl cmk-agentd systemd xinetd check-mk-agent | check-mk checkmk-agent check-mk-agent cmk-agent cmk-agent-ctl cmk-agent-ctl-daemon checkmk | 6556 | | |
icinga2 | icinga2 | icinga icinga2 icinga-api icinga2-api icinga2-agent icinga2-cluster icinga-cluster icinga2-daemon icinga-agent icinga2-zone | 5665 | | |
livestatus | xinetd livestatus unixcat cmc | livestatus mk-livestatus | 6557 | 6558 | |
ndo2db | ndo2db ido2db | ndo2db ido2db | 5668 | | |
zabbixagent | zabbix_agentd zabbix_agent2 zabbix_agent | zabbix-agent zabbix-agentd zabbix-agent2 | 10050 | | |
zabbixserver | zabbix_server zabbix_proxy | zabbix zabbix-server zabbix-proxy | 10051 | | |
collectd | collectd collectdmon | collectd | 25826 | | 25827 |
carboncache | carbon-cache go-carbon python | carbon carbon-cache graphite-carbon graphite go-carbon | 2003 2004 7002 | 2013 2014 2023 | | carbon
carbonrelay | carbon-relay carbon-c-relay carbon-relay-ng | carbon-relay carbon-c-relay carbon-relay-ng | 2003 2004 2013 2014 | 2023 2103 2104 | | carbon
carbonaggregator | carbon-aggregator python | carbon-aggregator carbon-aggr | 2023 2024 2013 2014 7102 | | |
graphiteweb | gunicorn graphite-api uwsgi python | graphite-web graphite-api graphiteweb | 8080 8000 | 8888 80 | | http
telegraf | telegraf | telegraf | 8125 8094 | 8092 9273 | |
munin | munin-node perl | munin munin-node | 4949 | | |
monit | monit | monit | 2812 | | | http
supervisord | supervisord python | supervisord supervisor | 9001 | | | http
nut | upsd upsmon | nut upsd ups nut-server ups-daemon network-ups-tools | 3493 | | |
apcupsd | apcupsd | apcupsd | 3551 | | |
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
novncproxy | nova-novncproxy | novncproxy nova-novncproxy nova-vncproxy novnc nova-novnc nova-console | 6080 | | | http
neutron | neutron-server neutron-server: | neutron neutron-server quantum openstack-network neutron-api | 9696 | | | http
glance | glance-api | glance glance-api openstack-image | 9292 | | | http
glanceregistry | glance-registry | glance-registry | 9191 | | | http
cinder | cinder-api cinder-wsgi | cinder cinder-api openstack-volume | 8776 | | | http
heat | heat-api | heat heat-api openstack-orchestration | 8004 | | | http
heatcfn | heat-api-cfn | heat-api-cfn heat-cfn | 8000 | | | http
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
chefserver | nginx oc_erchef beam.smp chef-server | chef-server chefserver erchef | 443 | 80 8000 | |
saltmaster | salt-master python | salt-master salt saltmaster saltstack | 4505 4506 | | |
saltapi | salt-api python | salt-api | 8000 | | |
cfengine | cf-serverd | cfengine cf-serverd | 5308 | | |
rudder | java rudder | rudder | 443 5309 | 514 | |
corosync | corosync | corosync coromaker totem | 5405 5404 | | |
pacemaker | pacemakerd pacemaker-remoted pacemaker-remot | pacemaker pacemakerd pacemaker-remote crm crm-mon | 3121 | | |
pcsd | pcsd ruby python | pcsd pcs | 2224 | | |
heartbeat | heartbeat | heartbeat linux-ha | 694 | | |
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
`;
