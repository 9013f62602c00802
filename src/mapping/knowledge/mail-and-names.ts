/** Mail, directories, names, time; columns as in web-and-apps.ts. */
export const MAIL_AND_NAMES = `
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
roundup | python | roundup | 8080 | | |
openldap | slapd | openldap slapd syncrepl | 389 636 | 3389 | | ldap
dirsrv | ns-slapd | 389ds dirsrv ns-slapd directory-server 389-ds fedora-ds redhat-ds sun-ds | 389 636 | | | ldap
apacheds | java | apacheds opendj opends forgerock-ds | 10389 1389 10636 | 389 636 1636 | 4444 | ldap
activedirectory | lsass ntds samba | active-directory activedirectory ntds domain-controller ad-replication ad-dc addc domaincontroller dcdiag | 389 636 | 88 445 53 3268 3269 464 135 | | ldap
ipa | httpd ns-slapd | freeipa ipa-server ipaserver | 443 389 636 | 80 | | ldap
kerberos | krb5kdc lsass samba | kerberos krb5kdc kdc krb5 krb | 88 | 750 | |
kadmin | kadmind | kadmin kadmind kpasswd | 749 464 | | |
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
avahi | avahi-daemon | avahi avahi-daemon mdns zeroconf bonjour | 5353 | | |
ntpd | ntpd ntp ntpsec openntpd xntpd | ntp ntpd ntpsec openntpd ntp-server ntp-service zeitserver timeserver time-server ntp-peer ntp-daemon ntp-dienst sntp | 123 | | | ntp
chrony | chronyd | chrony chronyd | 123 | | 323 | ntp
ptp | ptp4l ptpd | ptp ptp4l ptpd | 319 320 | | |
`;
