/* What differs from Dropbear's defaults, and why. Options: src/default_options.h of the release. */

/* Public keys only, by construction: the code for passwords is not in the program. */
#define DROPBEAR_SVR_PASSWORD_AUTH 0

/* Ciphers with hardware help at both ends come first. Counter mode with HMAC-SHA-256 stays for libraries that know nothing
 * newer (paramiko before 3.5, libssh2 before 1.11): encrypt-and-MAC, which is not what one would choose and not broken either. */
#define DROPBEAR_ENABLE_GCM_MODE 1
#define DROPBEAR_ENABLE_CTR_MODE 1

/* Key exchange: the hybrids and Curve25519; last the group of 4096 bits, the one of those that a client in FIPS mode knows
 * which no audit objects to. NIST's curves, the smaller groups and guessing go. */
#define DROPBEAR_ECDH 0
#define DROPBEAR_DH_GROUP14_SHA256 0
#define DROPBEAR_DH_GROUP16 1
#define DROPBEAR_KEXGUESS2 0

/* Speed over size. */
#define DROPBEAR_SMALL_CODE 0

/* The shell's own start files greet the user. */
#define DO_MOTD 0

/* The supervisor limits connections; these are for a server that runs without it. */
#define AUTH_TIMEOUT 60
#define MAX_UNAUTH_PER_IP 100
#define MAX_UNAUTH_CLIENTS 200

#define SFTPSERVER_PATH "/usr/lib/openssh/sftp-server"

/* Homebrew's prefix has the same path in every home; folders of the home itself are added by /etc/bash.bashrc. */
#define DEFAULT_PATH "/home/linuxbrew/.linuxbrew/bin:/home/linuxbrew/.linuxbrew/sbin:/usr/local/bin:/usr/bin:/bin"
#define DEFAULT_ROOT_PATH DEFAULT_PATH

/* Uploads: 24 KiB in flight is a third of what the path can carry. The supervisor passes -W as well. */
#define DEFAULT_RECV_WINDOW 4194304
