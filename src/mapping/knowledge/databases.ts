/** Databases, caches, queues, search and big data; columns as in web-and-apps.ts. */
export const DATABASES = `
mysql | mysqld mariadbd mysqld_safe mysqld-debug mysqld-nt | mysql mysqld mariadb mariadbd percona percona-server galera wsrep innodb xtradb pxc mysqlserver mysql-server | 3306 | 3307 3308 3309 | 33060 33062 4567 4568 4444 | db
mysqlx | mysqld | mysqlx x-protocol x-plugin | 33060 | | |
postgres | postgres postmaster postgresql edb-postgres | postgres postgresql pgsql pg postmaster psql postgre postgis pg-sql edb timescale timescaledb patroni-postgres pgactivity pg-activity repmgr walreceiver wal-receiver | 5432 | 5433 5434 5435 | | db
pgbouncer | pgbouncer | pgbouncer pg-bouncer pgb | 6432 | 5432 6543 | | db
pgpool | pgpool pgpool2 pgpool-II | pgpool pgpool2 pgpool-ii | 9999 | 5432 5433 | 9898 9000 | db
patroni | patroni python | patroni | 8008 | | | http
odyssey | odyssey | odyssey | 6432 | | |
proxysql | proxysql | proxysql | 6033 | 3306 | 6032 6070 | db
maxscale | maxscale | maxscale | 4006 | 4008 3306 3307 | 8989 | db
mysqlrouter | mysqlrouter | mysqlrouter mysql-router | 6446 6447 | 64460 64470 | 8443 | db
ndb | ndb_mgmd ndbd ndbmtd | ndb mysql-cluster ndb-mgmd ndbd | 1186 | | 2202 |
oracle | tnslsnr oracle | oracle tnslsnr tns oracle-listener ora tnsping oracle-db orcl sqlplus oracledb tns-listener asm-diskgroup | 1521 | 1526 1522 1523 1525 1571 2484 | 5500 1158 5560 | db
oraclebackground | ora_* | | | | |
oracleem | tnslsnr java | oracle-em enterprise-manager em-express | 5500 1158 | | | http
mssql | sqlservr sqlservr.exe | mssql mssqlserver ms-sql sqlserver sql-server sqlservr ms-sql-server microsoft-sql tsql | 1433 | 1434 | 5022 | db
db2 | db2sysc db2sysc* db2fm | db2 db2sysc udb ibm-db2 | 50000 | 50001 60000 446 25010 25000 | | db
informix | oninit | informix oninit ids-informix | 9088 1526 | 9089 | | db
sybase | dataserver sybase | sybase sap-ase ase dataserver adaptive-server | 5000 4100 | 5001 | | db
hananameserver | hdbnameserver hdbnameserve | hana-nameserver hdbnameserver | 30001 30013 | 30101 | |
hana | hdbindexserver hdbcompileserve hdbindexserve | hana saphana sap-hana hdb hdbindexserver hana-sql hana-db | 30015 30013 | 30041 39013 39015 30113 39017 | 30001 30003 | db
maxdb | x_server maxdb kernel | maxdb sapdb x-server | 7210 | 7269 | | db
firebird | firebird fbserver fb_inet_server fbguard ibserver | firebird interbase fbserver gds | 3050 | | | db
ingres | iigcn iidbms | ingres actian | 21064 | | | db
cockroach | cockroach | cockroachdb cockroach | 26257 | | 8080 | db
tidb | tidb-server | tidb | 4000 | | 10080 | db
tikv | tikv-server pd-server | tikv tidb-pd | 20160 2379 | | 20180 |
clickhouse | clickhouse-server clickhouse-serv clickhouse | clickhouse | 9000 8123 | 9440 8443 9004 9005 | 9009 9363 | db http
vertica | vertica | vertica | 5433 | | 5434 4803 | db
greenplum | postgres gpmaster | greenplum | 5432 | | | db
mongodb | mongod mongos mongodb | mongodb mongod mongo mongos replicaset replica-set | 27017 | 27018 27019 27020 28017 | | db
redis | redis-server redis valkey-server keydb-server dragonfly redis6 redis-server* | redis redis-server valkey valkey-server keydb redisdb | 6379 | 6380 6381 6382 7000 7001 7002 | 16379 17000 | cache
redissentinel | redis-sentinel redis-server valkey-sentinel | sentinel redis-sentinel | 26379 | | |
memcached | memcached | memcached memcache | 11211 | 11212 11213 | | cache
mcrouter | mcrouter | mcrouter | 5000 | 11213 | | cache
couchdb | beam.smp couchdb | couchdb couch | 5984 | 6984 | 5986 4369 9100 | db http
couchbase | memcached beam.smp couchbase | couchbase | 8091 11210 | 8092 8093 8094 18091 11211 | 21100 | db
riak | beam.smp riak | riak | 8087 8098 | | 8099 | db
cassandra | java cassandra scylla | cassandra cassandradaemon cql nodetool dse datastax cqlsh | 9042 | 9160 9142 | 7000 7001 7199 | db
scylla | scylla | scylla scylladb | 9042 | 9160 19042 | 7000 9180 10000 | db
neo4j | java neo4j | neo4j bolt | 7474 7687 | 7473 | 5000 6000 | db http
orientdb | java | orientdb | 2424 2480 | | 2434 | db
arangodb | arangod | arangodb arango | 8529 | | | db http
rethinkdb | rethinkdb | rethinkdb | 28015 | | 29015 8080 | db
influxdb | influxd influxdb influxdb3 | influxdb influx influxd | 8086 | 8083 8089 8181 | 8088 | db http
questdb | java | questdb | 9000 8812 | 9009 | 9003 | db
opentsdb | java | opentsdb | 4242 | | |
etcd | etcd | etcd | 2379 | 4001 | 2380 2381 7001 |
zookeeper | java zookeeper | zookeeper zk zoo quorumpeermain | 2181 | 2281 2182 | 2888 3888 8080 |
elasticsearch | java elasticsearch | elasticsearch es elastic elastic-search elastic-cluster opensearch elk-es lucene-es | 9200 | | 9300 9600 | http
logstash | java logstash ruby | logstash es-ls lumberjack | 5044 5000 | 10514 5514 12201 5140 5045 | 9600 |
solr | java | solr apache-solr | 8983 | 8984 | 7983 9983 18983 | http
sphinx | searchd sphinx | sphinx sphinxsearch searchd manticore | 9306 9312 | 9308 | |
meilisearch | meilisearch | meilisearch | 7700 | | | http
typesense | typesense-serve | typesense | 8108 | | 8107 | http
xapian | xapian-tcpsrv | xapian | 33333 | | |
rabbitmq | beam.smp rabbitmq-server beam | rabbitmq rabbit amqp amqps rabbitmq-server | 5672 5671 | 1883 61613 15674 | 15672 15671 25672 15692 4369 | queue
activemq | java activemq | activemq openwire artemis jms amq | 61616 | 5672 61613 1883 61614 | 8161 1099 | queue
activemqweb | java | activemq-web activemq-console activemq-admin | 8161 | | | http
kafka | java kafka | kafka kafka-broker | 9092 | 9093 9094 9095 | 9999 9101 9997 | queue
kafkaconnect | java | kafka-connect | 8083 | | | http
schemaregistry | java | schema-registry schemaregistry | 8081 | | | http
kafkarest | java | kafka-rest rest-proxy | 8082 | | | http
ksql | java | ksql ksqldb | 8088 | | | http
pulsar | java | pulsar pulsar-broker | 6650 8080 | 6651 | | queue
bookkeeper | java | bookkeeper bookie | 3181 | | 8000 |
nats | nats-server gnatsd | nats nats-server gnatsd jetstream stan | 4222 | | 6222 8222 | queue
nsq | nsqd nsqlookupd nsqadmin | nsq nsqd | 4150 4151 | 4160 4161 4171 | | queue
beanstalkd | beanstalkd | beanstalkd beanstalk | 11300 | | | queue
gearman | gearmand gearman-job-ser | gearman gearmand mod-gearman | 4730 | | | queue
mosquitto | mosquitto | mosquitto mqtt mqtts | 1883 8883 | 9001 8080 | |
emqx | beam.smp emqx | emqx emq vernemq | 1883 8883 | 8083 8084 | 18083 4370 |
hivemq | java | hivemq | 1883 8883 | 8000 | 8080 |
wmq | amqzmppa runmqlsr amqrmppa | websphere-mq ibm-mq wmq mqseries qmgr-mq runmqlsr | 1414 | 1415 | 9443 | queue
tibems | tibemsd tibemsd64 | tibems tibco-ems tibco | 7222 | 7243 | | queue
hazelcast | java | hazelcast | 5701 | | |
ignite | java | ignite gridgain | 10800 11211 | 8080 | 47100 47500 |
infinispan | java | infinispan datagrid | 11222 | | |
ehcache | java | terracotta ehcache | 9410 9510 | | 9430 9530 |
namenode | java | namenode hdfs name-node hadoop-namenode hdfs-namenode | 8020 9000 9870 50070 | 50470 9871 | 8019 8485 | hadoop
namenodeweb | java | namenode-web hdfs-web hdfs-ui namenode-webui hdfs-namenode-webui namenode-ui webhdfs | 9870 50070 | 9871 50470 | | http
secondarynamenode | java | secondarynamenode snn | 50090 9868 | | |
datanode | java | datanode data-node hadoop-datanode hdfs-datanode | 9866 50010 | 9864 50075 9867 50020 1004 1006 | | hadoop
journalnode | java | journalnode journal-node | 8485 | 8480 8481 | | hadoop
resourcemanager | java | resourcemanager resource-manager yarn yarn-rm rm-yarn yarn-resourcemanager | 8050 8032 | 8088 8090 8025 8030 8031 | 8141 8033 | hadoop
resourcemanagerweb | java | yarn-rm-web resourcemanager-web yarn-ui resourcemanager-ui yarn-web | 8088 8090 | | | http
nodemanager | java | nodemanager node-manager yarn-nm yarn-nodemanager | 8042 45454 | 8040 8041 8044 | | hadoop
timelineserver | java | yarn-ts timelineserver timeline-server application-timeline-server yarn-timeline yarn-ats | 10200 8188 | 8190 | | hadoop
jobhistory | java | jobhistory jobhistoryserver mapreduce-history mr-history historyserver job-history mapreduce | 10020 19888 | 19890 13562 | 10033 | hadoop
hbasemaster | java | hbase hbase-master hmaster | 16000 60000 | | 16010 60010 | hadoop
hbasemasterweb | java | hbase-ui hbase-web hbase-master-web hbase-master-ui | 16010 60010 | | | http
hbaseregion | java | regionserver region-server hbase-regionserver hregionserver hbase-rs | 16020 60020 | | 16030 60030 | hadoop
hbaserest | java | hbase-rest hbase-thrift | 8080 9090 | 8085 9095 | |
hive | java | hive hiveserver hiveserver2 hs2 hive-server | 10000 | 10001 | 10002 | hadoop
hivemetastore | java | metastore hive-metastore hivemetastore hcat webhcat-metastore | 9083 | | | hadoop
webhcat | java | webhcat templeton | 50111 | | | hadoop
impala | impalad catalogd statestored | impala impalad | 21050 21000 | 25000 | 22000 |
oozie | java | oozie | 11000 | 11443 | 11001 | hadoop
spark | java | spark spark-master | 7077 | | 8080 8081 | hadoop
sparkhistory | java | spark-history sparkhistory spark-history-server | 18080 18081 | | | http
livy | java | livy | 8998 8999 | | | http
zeppelin | java | zeppelin | 8080 9995 | | | http
flink | java | flink jobmanager | 8081 | 6123 | 6122 |
storm | java | storm nimbus | 6627 | 8744 | |
stormui | java | storm-ui | 8744 8080 | | | http
presto | java presto-server trino | presto trino starburst | 8080 8443 | | | http
druid | java | druid | 8888 8082 | 8081 8083 | | http
nifi | java | nifi | 8443 8080 9090 | 9091 | 11443 | http
ranger | java | ranger ranger-admin | 6080 6182 | | | http
knox | java | knox knox-gateway | 8443 | | | http
ambari | java | ambari ambari-server | 8080 8443 | | 8440 8441 | http
ambariagent | python | ambari-agent | 8670 | | |
cloudera | java cmf-server | cloudera cloudera-manager cmf | 7180 7183 | 7182 | | http
atlas | java | atlas atlas-metadata | 21000 | | | http
accumulo | java | accumulo | 9999 9995 | | |
kudu | kudu-master kudu-tserver | kudu | 7051 7050 | | 8051 8050 |
hue | python hue | hue | 8888 | | | http
ganglia | gmond gmetad | ganglia gmond gmetad | 8649 8651 | 8652 | |
lucene | java | lucene | | | |
tarantool | tarantool | tarantool | 3301 | | | db
aerospike | asd | aerospike asd | 3000 | | 3001 3002 3003 | db
voltdb | java | voltdb | 21212 21211 | | 8080 3021 | db
foundationdb | fdbserver | foundationdb fdb | 4500 4501 | | | db
gpfs | mmfsd | gpfs spectrum-scale mmfsd | 1191 | | |
progress | _mprosrv _mprshut | progress openedge | 20931 | | | db
cache-intersystems | cache cstart irisdb | intersystems intersystems-cache | 1972 | 57772 52773 | | db
adabas | adanuc | adabas | 5001 | | | db
teradata | gtwgateway | teradata | 1025 | | | db
exasol | cored | exasol | 8563 | | | db
`;
