/**
 * Prometheus exporters, at the ports of the project's list of default port allocations; columns as in web-and-apps.ts.
 * An exporter is a service of its own: that of MySQL says nothing about mysqld.
 */
export const EXPORTERS = `
nodeexporter | node_exporter prometheus-node-exporter | node-exporter nodeexporter prometheus-node-exporter | 9100 | | | http
mysqldexporter | mysqld_exporter prometheus-mysqld-exporter | mysqld-exporter mysql-exporter mariadb-exporter | 9104 | | | http
postgresexporter | postgres_exporter prometheus-postgres-exporter | postgres-exporter postgresql-exporter pg-exporter | 9187 | | | http
pgbouncerexporter | pgbouncer_exporter | pgbouncer-exporter | 9127 | | | http
redisexporter | redis_exporter prometheus-redis-exporter | redis-exporter | 9121 | | | http
memcachedexporter | memcached_exporter | memcached-exporter | 9150 | | | http
mongodbexporter | mongodb_exporter | mongodb-exporter | 9216 | | | http
elasticsearchexporter | elasticsearch_exporter | elasticsearch-exporter | 9114 | 9108 | | http
rabbitmqexporter | rabbitmq_exporter | rabbitmq-exporter | 9419 | 9090 | | http
kafkaexporter | kafka_exporter | kafka-exporter | 9308 | | | http
jmxexporter | java | jmx-exporter | 9404 | 9193 9194 | | http
oracleexporter | oracledb_exporter | oracledb-exporter oracle-exporter | 9161 | | | http
mssqlexporter | mssql_exporter sql_exporter | mssql-exporter sql-exporter | 9399 | | | http
cassandraexporter | java cassandra_exporter | cassandra-exporter | 9500 | | | http
apacheexporter | apache_exporter prometheus-apache-exporter | apache-exporter | 9117 | | | http
nginxexporter | nginx-prometheus-exporter nginx_exporter | nginx-exporter nginx-prometheus-exporter | 9113 | | | http
phpfpmexporter | php-fpm_exporter php-fpm-exporter | php-fpm-exporter phpfpm-exporter | 9253 | | | http
uwsgiexporter | uwsgi_exporter | uwsgi-exporter | 9117 | | | http
haproxyexporter | haproxy_exporter prometheus-haproxy-exporter | haproxy-exporter | 9101 | | | http
varnishexporter | prometheus_varnish_exporter prometheus-varnish-exporter varnish_exporter | varnish-exporter prometheus-varnish-exporter | 9131 | | | http
squidexporter | squid-exporter squid_exporter | squid-exporter | 9301 | | | http
keepalivedexporter | keepalived_exporter | keepalived-exporter | 9165 | | | http
blackboxexporter | blackbox_exporter prometheus-blackbox-exporter | blackbox-exporter | 9115 | | | http
snmpexporter | snmp_exporter prometheus-snmp-exporter | snmp-exporter | 9116 | | | http
ipmiexporter | ipmi_exporter prometheus-ipmi-exporter | ipmi-exporter | 9290 | | | http
smartctlexporter | smartctl_exporter | smartctl-exporter | 9633 | | | http
systemdexporter | systemd_exporter | systemd-exporter | 9558 | | | http
processexporter | process-exporter process_exporter prometheus-process-exporter | process-exporter | 9256 | | | http
windowsexporter | windows_exporter wmi_exporter | windows-exporter wmi-exporter | 9182 | | | http
statsdexporter | statsd_exporter prometheus-statsd-exporter | statsd-exporter | 9102 | 9125 | | http
collectdexporter | collectd_exporter | collectd-exporter | 9103 | | | http
graphiteexporter | graphite_exporter | graphite-exporter | 9108 | 9109 | | http
consulexporter | consul_exporter | consul-exporter | 9107 | | | http
zookeeperexporter | zookeeper_exporter | zookeeper-exporter | 9141 | | | http
bindexporter | bind_exporter prometheus-bind-exporter | bind-exporter | 9119 | | | http
unboundexporter | unbound_exporter | unbound-exporter | 9167 | | | http
dnsmasqexporter | dnsmasq_exporter | dnsmasq-exporter | 9153 | | | http
pdnsexporter | powerdns_exporter | powerdns-exporter pdns-exporter | 9120 | | | http
postfixexporter | postfix_exporter prometheus-postfix-exporter | postfix-exporter | 9154 | | | http
dovecotexporter | dovecot_exporter | dovecot-exporter | 9166 | | | http
openldapexporter | openldap_exporter | openldap-exporter ldap-exporter | 9330 | | | http
openvpnexporter | openvpn_exporter | openvpn-exporter | 9176 | | | http
wireguardexporter | prometheus_wireguard_exporter wireguard_exporter | wireguard-exporter | 9586 | | | http
birdexporter | bird_exporter prometheus-bird-exporter | bird-exporter | 9324 | | | http
frrexporter | frr_exporter | frr-exporter | 9342 | | | http
chronyexporter | chrony_exporter | chrony-exporter | 9123 | | | http
ntpexporter | ntp_exporter | ntp-exporter | 9559 | | | http
libvirtexporter | libvirt_exporter prometheus-libvirt-exporter | libvirt-exporter | 9177 | | | http
pveexporter | python pve_exporter | pve-exporter proxmox-exporter | 9221 | | | http
cephexporter | ceph_exporter ceph-exporter | ceph-exporter | 9128 | 9926 | | http
gitlabexporter | ruby gitlab-exporter | gitlab-exporter | 9168 | | | http
solrexporter | java | solr-exporter | 9854 | 8989 | | http
dcgmexporter | dcgm-exporter nvidia_gpu_exporter | dcgm-exporter nvidia-gpu-exporter | 9400 | 9835 | | http
sslexporter | ssl_exporter | ssl-exporter | 9219 | | | http
cadvisor | cadvisor | cadvisor | 8080 4194 | | | http
kubestatemetrics | kube-state-metrics | kube-state-metrics | 8080 | 8081 | | http
`;
