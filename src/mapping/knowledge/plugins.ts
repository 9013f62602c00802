/** Plugins and helpers whose names do not say themselves what they do; names without check_ and in dictionary spelling. */

/** Programs that run the plugin which follows them. */
export const LAUNCHERS: ReadonlySet<string> = new Set(
  "sudo doas env timeout nice ionice perl python python2 python3 sh bash ksh dash zsh ruby php java mono node cmd powershell pwsh negate urlize runas time stdbuf chroot su exec cscript wscript wine jexec nsenter ip setsid torify proxychains faketime".split(
    " ",
  ),
);

/** Plugins that run another plugin on the host itself; the other one stands in the arguments. */
export const REMOTE_RUNNERS: ReadonlySet<string> = new Set(
  "nrpe nrpe1arg nrpearg nrpeargs nrpe2 nrpe3 nrpe4 nrpe6 bynrpe vianrpe nrpessl nrpenossl nrpe1 nrpenoarg nrpenoargs nrpewin nrpelong nrpetimeout nrpet nrpelinux nrpewindows remotenrpe nrpeng nrpewrapper nrpehost nrpecustom nrperun nrpealive nrpeport nrpeproxy byssh viassh sshremote remotessh ssh2 runssh bysshkey bysshargs nscp nscpapi nscplocal nscpweb winrm winrmexec nrpev2 nrpev3 agent nrpeagent multissh remotecommand remoteplugin runplugin sensuclient mrpe docker-exec dockerexec execdocker".split(
    " ",
  ),
);

/** Plugins that ask a Windows agent; the first argument says what for. */
export const WINDOWS_AGENTS: ReadonlySet<string> = new Set(
  "nt nscpnt ncnet ncnetnt nsclient nsclientpp ntclient win windows wmi wmiplus ncpa".split(" "),
);

/** Plugins that only open a port: the arguments say which. */
export const PORT_PLUGINS: ReadonlySet<string> = new Set(
  "tcp udp tcpport port ports openport tcpopen tcp4 tcp6 udp4 udp6 tcpudp tcpssl udpport remoteport remotetcp remotetcpport localport localtcp tcptraffic socket service-port serviceport telnetport connect tcpconnect portopen listening netcat nc tcpdn tcpcheck tcptimed porttcp portudp tcpfor simpletcp tcparg tcp1 tcpwithport tcphost tcpip".split(
    " ",
  ),
);

/** Plugins about other things than one service of this host. */
export const AGGREGATES: ReadonlySet<string> = new Set(
  "cluster cluster2 clusters multi bp bpstatus businessprocess hostgroup servicegroup group bi aggr mkaggr statusofhosts multihost parents dependencies clusterhosts clusterservices clusterhost clusterservice servicecluster hostcluster".split(
    " ",
  ),
);

/** Words in a plugin or check name that ask for processes, units or containers by name. */
export const PROCESS_WORDS: ReadonlySet<string> = new Set(
  "proc procs process processes prozess prozesse proceso processo processus proces ps pidfile pid pids service services servicio servico dienst dienste usluga servizio systemd systemctl systemdunit systemdservice unit units init initd initscript sysvinit daemon daemons damon demon running runs lauft laufend gestartet upstart smf svcs launchd supervisor supervisorctl supervisord monit procrunning procname snmpproc servicestate procstate winservice windowsservice mkps procstat pgrep container containers docker dockercontainer pod pods jail lxc rcservice openrc alive started actif activo attivo aktiv".split(
    " ",
  ),
);

/** Words that say that TLS is meant. */
export const TLS_WORDS: ReadonlySet<string> = new Set(
  "ssl tls https secure secured beveiligd gesichert sicher verschlusselt securise seguro segura sicuro zabezpieczony cert certs certificate certificates zertifikat zertifikate certificat certificats certificado certificados certificato certificaat certyfikat x509 starttls".split(
    " ",
  ),
);

/** Words that join equals: "nginx and php-fpm" speaks of both. */
export const JOINING_WORDS: ReadonlySet<string> = new Set("and und et y e en i oder or ou plus".split(" "));

/** Words after which only the circumstances follow: "Redis for GitLab". */
export const QUALIFYING_WORDS: ReadonlySet<string> = new Set(
  "for of on via in at from to behind with using by fuer fur auf von vom im am bei mit uber nach zu pour de du des sur dans vers avec para por em do da no na del desde con su di per da con dla w z na od do voor op van naar met".split(
    " ",
  ),
);

/** Words before "to" that do not make a sender: "access to the database" still speaks of the database. */
export const WAYS: ReadonlySet<string> = new Set(
  "access accesso acceso acces zugriff zugang toegang connection connections connect connects connecting connected connectivity connectable verbindung verbinding connexion connexions conexion connessione conexao polaczenie login logon link path time response reach reachability port telnet ssh request requests query tcp udp route check test ability unable fails failed failing anmeldung bind talk talks speak respond responds responding socket ssl tls http".split(
    " ",
  ),
);

/** Words that lead to a target: "profiler to carbon" speaks of the profiler. */
export const TARGET_WORDS: ReadonlySet<string> = new Set("to towards into nach vers hacia naar verso".split(" "));

/** Words of names that resemble many a process and mean none. */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  "check checks service services server servers process processes status state running daemon system monitor monitoring health alive count number total usage statistics response threshold agent client master worker manager control controller handler listener health test".split(
    " ",
  ),
);

/** Process names that say nothing about what runs: runtimes, super-servers, forwarders, shells. */
export const RUNTIMES: ReadonlySet<string> = new Set(
  "java jsvc python python2 python3 node nodejs ruby perl php beam.smp beam erl mono dotnet lua luajit tclsh go deno bun pypy gunicorn uvicorn hypercorn uwsgi waitress docker-proxy conmon rootlessport slirp4netns pasta containerd-shim runc podman xinetd inetd systemd init tcpserver socat stunnel stunnel4 ssh ncat nc autossh redir rinetd portfwd kube-proxy iptables supervisord s6-supervise runit svchost svchost.exe system docker lxc-start start main server app kernel -".split(
    " ",
  ),
);

/** Daemons that serve in the name of others: what stands at a default port behind them is what is meant. */
export const FORWARDERS: ReadonlySet<string> = new Set(
  "haproxy nginx envoy traefik stunnel proxysql maxscale mysqlrouter pgbouncer pgpool odyssey hitch pound kong hyperv vmware tarantool mcrouter samba activedirectory iis winrm zimbra kopano domino stalwart exchange ingress trafficserver".split(
    " ",
  ),
);

/** Process names that would be misleading as words of a check name. */
export const NO_WORDS: ReadonlySet<string> = new Set(
  "master main server java python node ruby perl php agent init systemd system kernel cache registry app start sh bash inet time echo update docker runner worker manager proxy daemon service monitor remote web api http https backup kvm ssh dns ntp ldap ftp imap pop3 smtp db".split(
    " ",
  ),
);

/** Ports by the scheme of a URL. */
export const SCHEME_PORTS: ReadonlyMap<string, number> = new Map([
  ["http", 80],
  ["https", 443],
  ["ws", 80],
  ["wss", 443],
  ["ftp", 21],
  ["ftps", 990],
  ["sftp", 22],
  ["ssh", 22],
  ["ldap", 389],
  ["ldaps", 636],
  ["imap", 143],
  ["imaps", 993],
  ["pop3", 110],
  ["pop3s", 995],
  ["smtp", 25],
  ["smtps", 465],
  ["mysql", 3306],
  ["mariadb", 3306],
  ["postgres", 5432],
  ["postgresql", 5432],
  ["redis", 6379],
  ["rediss", 6379],
  ["mongodb", 27017],
  ["amqp", 5672],
  ["amqps", 5671],
  ["mqtt", 1883],
  ["mqtts", 8883],
  ["memcached", 11211],
  ["rtmp", 1935],
  ["rtsp", 554],
  ["sip", 5060],
  ["sips", 5061],
  ["rsync", 873],
  ["nntp", 119],
  ["ipp", 631],
  ["irc", 6667],
  ["git", 9418],
  ["svn", 3690],
  ["nfs", 2049],
  ["smb", 445],
  ["bolt", 7687],
  ["nats", 4222],
  ["kafka", 9092],
]);
