/**
 * Protocols as people call them, in several languages; one row each.
 * Columns: id | words | default ports | ports with TLS | other usual ports | vague | served by whoever speaks.
 * A protocol is served by whichever daemon says that it speaks it, or by a process nobody knows at such a port. `vague` words
 * only help when nothing better is known.
 */
export const PROTOCOLS = `
http | webbserver webovy-server www-server webszerver verkkopalvelin web-sunucusu веб-сервер вебсервер http curl httpv2 webserver httpserver web-server http-server web-service webserveur serveur-web servidor-web servidorweb server-web serwer-www serwer-web webdienst webserver-dienst http-check http1 httpd-check | 80 | 443 | 8080 8000 8008 81 8888 8081 3000 8090 | no
https | https http-ssl http-tls https-ssl ssl-http http-secure httpssl secure-web webserver-ssl https-server http2 webssl | 443 | 443 | 8443 4443 9443 | no | http
web | сайт веб-сайт webbplats webbsida webova-stranka stranka nettside hjemmeside honlap verkkosivu web weburl web-url www website webseite webseiten site-web site sitio-web sitioweb pagina-web pagina strona strona-www url homepage vhost virtualhost virtual-host webpage webinterface web-interface weboberflache web-ui webui web-gui webgui portal webapp web-app frontend html sito sito-web webside hemsida internetseite page-web startseite accueil rest restapi rest-api graphql webinject | 80 | 443 | 443 8080 8443 8000 8888 8081 | yes | http https
webapplication | wordpress nextcloud owncloud drupal joomla typo3 magento mediawiki dokuwiki wiki phpmyadmin roundcube webmail squirrelmail horde otrs znuny glpi icingaweb icingaweb2 thruk nagios-web nagiosweb zabbix-web zabbix-frontend cacti observium librenms mantis bugzilla phpbb prestashop shopware piwik matomo limesurvey phabricator trac websvn viewvc gitweb cgit netbox snipeit otobo autodiscover activesync owa outlook-web-access ecp mod-jk server-status apache-status fcgi mod-proxy | 80 443 | 443 | 8080 8443 | yes | http https
tls | certifikat sertifikat sertifika сертификат ssl-сертификат сертификаты tanusitvany certifikat-ssl varmenne ssl tls certificate cert certs certificates ssl-cert ssl-certificate ssl-zertifikat zertifikat zertifikate certificat certificats certificado certificados certificato certificati certificaat certyfikat sslcert x509 certexpiry ssl-expiry cert-expiry ssl-validity tls-cert cert-check https-cert https-certificate ssl-verification sslyze testssl | 443 | 443 | 8443 | no
smtp | postovni-server postovy-server mailovy-server почтовый-сервер почта e-postserver epostserver e-post levelezoszerver posta-sunucusu sahkoposti sahkopostipalvelin smtp esmtp mta mail mailserver mail-server e-mail email mailer mail-transport mailq mailqueue mail-queue queue-mail mailwarteschlange warteschlange-mail file-d-attente-mail postausgang serveur-mail serveur-de-messagerie servidor-de-correo servidor-correo correo correo-electronico servidor-de-email servidor-e-mail courriel messagerie poczta posta posta-elettronica server-di-posta serwer-pocztowy mailversand mailservice mail-service smtp-check cola-de-correo file-attente mail-warteschlange mailsystem | 25 | 465 | 587 2525 | no
smtps | smtps ssmtp smtp-ssl smtp-tls ssl-smtp | 465 | 465 | | no | smtp
submission | submission smtp-submission mail-submission smtp-auth msa | 587 | 465 | | no | smtp
lmtp | lmtp | 24 | | 2003 | no | imap
imap | imap imap4 imapd imap-check posteingang mailbox mailboxes | 143 | 993 | | no
imaps | imaps simap imap-ssl imap-tls ssl-imap imap4-ssl imap4s | 993 | 993 | | no | imap
pop3 | pop3 pop pop-check pop3d | 110 | 995 | | no
pop3s | pop3s spop pops pop3-ssl pop3-tls pop-ssl ssl-pop3 spop3 | 995 | 995 | | no | pop3
sieve | sieve managesieve manage-sieve timsieved | 4190 | | 2000 | no
ldap | katalogtjanst adresarova-sluzba служба-каталогов ldap annuaire verzeichnisdienst directory-service directorio ldap-server ldap-search | 389 | 636 | 3268 1389 10389 | no
ldaps | ldaps ldap-ssl ldap-tls ssl-ldap | 636 | 636 | 3269 | no | ldap
globalcatalog | global-catalog gc-ldap | 3268 | 3269 | | no | ldap
dns | namnserver navneserver navnetjener nimipalvelin jmenny-server nevszerver днс dns-сервер dns dig nameserver name-server nameservers domain-name-service nslookup resolver namensauflosung resolution-de-noms dns-server dns-auflosung zone-transfer axfr bind-dns dns-query dns-response namensdienst | 53 | 853 | | no
ntp | ntp-query | 123 | | | no
ssh | ssh sftp secure-shell ssh2 scp ssh-check ssh-login ssh-port ssh-service ssh-dienst | 22 | | 2222 | no
ftp | ftp-сервер ftp ftps ftp-server ftpserver servidor-ftp serveur-ftp | 21 | 990 | | no
sip | sip sips voip sip-options | 5060 | 5061 | 5080 | no
db | databas databaze databazovy-server databaza adatbazis база-данных базы-данных баз-данных субд tietokanta veritabani database db databank datenbank datenbanken base-de-datos base-de-donnees basededatos basededonnees banco-de-dados database-server databaseserver sql datenbankserver baza-danych baza bdd bd dbms rdbms sgbd jdbc odbc | | | | yes
queue | message-queue messagequeue message-broker broker message-bus messagebus bus | | | | yes
cache | cache object-cache | | | | yes
s3 | s3 object-storage object-store | 9000 | | 7480 8080 | yes
proxy | proxy webproxy web-proxy http-proxy proxyserver proxy-server forward-proxy cache-proxy | 3128 8080 | | 8118 8888 8123 | no
proxycategory | reverse-proxy reverseproxy rproxy | 80 443 | 443 | 8080 | yes | http https
hadoop | hadoop | | | | yes
fileserver | filserver souborovy-server файловый-сервер fajlszerver tiedostopalvelin fileserver file-server dateiserver serveur-de-fichiers servidor-de-archivos dateifreigabe freigabe share shares fileshare file-share | 445 2049 | | 139 | yes
printer | tiskovy-server tlacovy-server skrivare skriver сервер-печати принт-сервер nyomtatoszerver printing drucken drucker impresion impression stampa | 631 | | 515 9100 | yes
vpn | vpn | | | | yes
pbxcategory | telephony telefonie telefonanlage telefonia voip-server | 5060 | | | yes
`;
