/**
 * Programs that work without a listener; columns as in web-and-apps.ts, without ports. A check of one of them speaks of no
 * service, however much of its name is that of another daemon: varnishkafka is neither Varnish nor Kafka.
 */
export const BACKGROUND = `
cron | cron crond anacron | cron crond cronie cron-daemon crond-process anacron
atd | atd | atd
dbus | dbus-daemon dbus-broker | dbus dbus-daemon dbus-broker
udevd | systemd-udevd udevd | udev udevd
logind | systemd-logind elogind | logind systemd-logind
networkd | systemd-networkd | systemd-networkd networkd
networkmanager | NetworkManager | network-manager networkmanager
wpasupplicant | wpa_supplicant | wpa-supplicant
dhclient | dhclient dhcpcd udhcpc | dhclient dhcpcd dhcp-client udhcpc
nscd | nscd nslcd sssd | nscd nslcd sssd unscd
polkitd | polkitd | polkit polkitd
accountsdaemon | accounts-daemon | accounts-daemon
irqbalance | irqbalance | irqbalance
haveged | haveged rngd | haveged rngd rng-tools
acpid | acpid | acpid
auditd | auditd | auditd
mcelog | mcelog rasdaemon | mcelog rasdaemon
lldpd | lldpd lldpad | lldp lldpd lldpad
smartd | smartd | smartd
mdmonitor | mdadm mdmonitor | mdmonitor mdadm-monitor
multipathd | multipathd | multipathd
lvmetad | lvmetad dmeventd | lvmetad dmeventd lvm-monitor
automount | automount | automountd
gssproxy | gssproxy rpc.gssd rpc.svcgssd | gssproxy rpc-gssd rpc-svcgssd gssd
idmapd | rpc.idmapd nfsidmap | idmapd rpc-idmapd nfs-idmapd
tuned | tuned | tuned
certmonger | certmonger | certmonger certbot acme-client
firewalld | firewalld | firewalld
hostguests | vmtoolsd qemu-ga xe-daemon hv_kvp_daemon VGAuthService | vmtoolsd open-vm-tools vmware-tools vmtools vmwaretools qemu-ga qemu-guest-agent xe-daemon hv-kvp-daemon guest-agent hyperv-daemons
snapd | snapd | snapd
packagekit | packagekitd unattended-upgr | packagekit unattended-upgrades
fail2ban | fail2ban-server | fail2ban denyhosts sshguard
timesyncd | systemd-timesyn | systemd-timesyncd timesyncd
radvd | radvd | radvd
ucarp | ucarp | ucarp carp
hostapd | hostapd | hostapd
mailscanner | MailScanner | mailscanner
fetchmail | fetchmail getmail | fetchmail getmail
freshclamd | freshclam | clamav-freshclam
spfpolicy | policyd-spf | policyd-spf postfix-policyd-spf
sympa | sympa_msg.pl sympa.pl | sympa
sidekiq | sidekiq | sidekiq
resque | resque | resque delayed-job delayedjob
celery | celery | celery celerybeat celery-beat celeryd celery-worker celery-workers
queueworkers | | laravel-worker queue-worker queue-workers rq-worker jobrunner job-runner jobchron
zuulparts | zuul-executor zuul-merger | zuul-merger zuul-executor zuul-launcher
phd | | phd
novascheduler | nova-scheduler | nova-scheduler
novaconductor | nova-conductor | nova-conductor
novacompute | nova-compute | nova-compute nova-cert nova-consoleauth nova-network
neutronagents | neutron-dhcp-agent neutron-l3-agent neutron-openvswitch-agent neutron-linuxbridge-agent neutron-metadata-agent | neutron-agent neutron-dhcp-agent neutron-dhcp neutron-l3-agent neutron-l3 neutron-openvswitch-agent neutron-linuxbridge-agent neutron-metadata-agent neutron-agents
cindervolume | cinder-volume cinder-scheduler cinder-backup | cinder-volume cinder-scheduler
heatengine | heat-engine | heat-engine
designateworkers | designate-sink designate-central designate-producer designate-worker | designate-sink designate-central designate-producer designate-worker designate-pool-manager
ceilometeragents | ceilometer-polling ceilometer-agent-notification ceilometer-agent-compute | ceilometer-polling ceilometer-agent ceilometer-agent-notification ceilometer-agent-compute ceilometer-agent-central ceilometer-collector
octaviaworkers | octavia-worker octavia-housekeeping | octavia-worker octavia-housekeeping
swiftbackground | swift-object-replicator swift-object-auditor swift-object-updater swift-container-replicator swift-container-auditor swift-container-updater swift-account-replicator swift-account-auditor swift-account-reaper | swift-object-replicator swift-object-auditor swift-object-updater swift-object-expirer swift-container-replicator swift-container-auditor swift-container-updater swift-container-sync swift-container-sharder swift-account-replicator swift-account-auditor swift-account-reaper
varnishtools | varnishncsa varnishlog varnishkafka | varnishncsa varnishlog varnishkafka varnishstat varnishreqstats
keepalived | keepalived | keepalived vrrp
mcollective | mcollectived | mcollective mcollectived
puppetagent | puppet | puppet-agent-daemon puppetd
saltminion | salt-minion | salt-minion-daemon
chefagent | chef-client | chef-client-daemon
npcd | npcd process_perfdata.pl | npcd pnp4nagios nagflux nagios-perfdata
modgearmanworker | mod_gearman_worker | mod-gearman-worker gearman-worker
icingadb | icingadb | icingadb icinga-db
ido2db | ido2db | ido2db-client
nagioscore | nagios nagios4 naemon | nagios nagios-core naemon nagios-daemon
centreonengine | centengine centreontrapd | centreon-engine centengine centreontrapd
beats | filebeat metricbeat packetbeat auditbeat heartbeat-elastic winlogbeat | filebeat metricbeat packetbeat auditbeat winlogbeat elastic-beats
logshippers | beaver logstash-forwarder rsyslog-relp promtail-agent graylog-sidecar | beaver logstash-forwarder graylog-sidecar graylog-collector heka hekad
cloudagents | newrelic-infra newrelic-daemon amazon-ssm-agent amazon-cloudwatch-agent google_osconfig_agent waagent oneagentwatchdog | newrelic newrelic-infra amazon-ssm-agent ssm-agent cloudwatch-agent amazon-cloudwatch-agent waagent walinuxagent oneagent
smokeping | smokeping smokeping_cgi | smokeping
hsflowd | hsflowd softflowd fprobe | hsflowd softflowd fprobe
suricata | suricata Suricata-Main snort | suricata snort
munge | munged | munge munged
ldirectord | ldirectord | ldirectord
backuppc | BackupPC | backuppc
lsyncd | lsyncd | lsyncd incron incrond
tuxedo | WSL BBL | tuxedo
screens | screen tmux | screen tmux
grid | ohasd.bin | ohasd
explorer | explorer.exe | explorer
spooler | spoolsv.exe | spooler spoolsv print-spooler
windowsbackground | wuauserv bits | wuauserv bits eventlog-service sqlserveragent sqlagent sqlagent-mssqlserver msdtc-client plugplay ccmexec schedule-service dnscache dhcpclient
`;
