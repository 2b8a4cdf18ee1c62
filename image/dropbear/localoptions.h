/* Where we differ from Dropbear's defaults, and why. The release lists all options in src/default_options.h. */

/* Public keys only: the program does not contain the code for passwords. */
#define DROPBEAR_SVR_PASSWORD_AUTH 0

/* Ciphers that both ends compute in hardware come first. Counter mode with HMAC-SHA-256 stays for libraries that know nothing
 * newer (paramiko before 3.5, libssh2 before 1.11). It is encrypt-and-MAC: not the best choice, but not broken. */
#define DROPBEAR_ENABLE_GCM_MODE 1
#define DROPBEAR_ENABLE_CTR_MODE 1

/* Key exchange: the hybrids, Curve25519, and last the 4096-bit group. Clients in FIPS mode know that group, and no audit objects
 * to it. NIST's curves, smaller groups and guessing are off. */
#define DROPBEAR_ECDH 0
#define DROPBEAR_DH_GROUP14_SHA256 0
#define DROPBEAR_DH_GROUP16 1
#define DROPBEAR_KEXGUESS2 0

/* Speed over size. */
#define DROPBEAR_SMALL_CODE 0

/* The shell's start files greet the user. */
#define DO_MOTD 0

/* The supervisor limits connections. These limits are for a server that runs without it. */
#define AUTH_TIMEOUT 60
#define MAX_UNAUTH_PER_IP 100
#define MAX_UNAUTH_CLIENTS 200

#define SFTPSERVER_PATH "/usr/lib/openssh/sftp-server"

/* Homebrew's prefix has the same path in every home. /etc/bash.bashrc adds the folders in the home. */
#define DEFAULT_PATH "/home/linuxbrew/.linuxbrew/bin:/home/linuxbrew/.linuxbrew/sbin:/usr/local/bin:/usr/bin:/bin"
#define DEFAULT_ROOT_PATH DEFAULT_PATH

/* Uploads: the default of 24 KiB in flight is a third of what the path can carry. The supervisor also passes -W. */
#define DEFAULT_RECV_WINDOW 4194304
