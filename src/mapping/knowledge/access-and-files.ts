/** Logins, files, networks between sites, authentication; columns as in web-and-apps.ts. */
export const ACCESS_AND_FILES = `
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
samba | smbd smb nmbd winbindd samba | samba smbd smb disk-smb cifs netbios-ssn winbind winbindd samba-server windows-share | 445 139 | | | fileserver
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
`;
