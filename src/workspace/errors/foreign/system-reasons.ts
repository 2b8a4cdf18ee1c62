/** Our words for the codes of the operating system, by what the trouble is about. */
import { getSystemErrorMap } from 'node:util';

/** What was used when the code came up: one code means other things of a file, an address and a program. */
export type Subject = 'file' | 'address' | 'program';

const FILE: Record<string, string> = {
  ENOENT: 'it is not there',
  ENOTDIR: 'a part of its path is a file',
  EISDIR: 'it is a directory',
  EACCES: 'it may not be written or read by this user',
  EPERM: 'it may not be written or read by this user',
  EROFS: 'it is on a read-only file system',
  ENOSPC: 'the disk is full',
  EDQUOT: "this user's share of the disk is used up",
  EFBIG: 'it would be larger than files may be here',
  ENAMETOOLONG: 'its path is too long',
  EBUSY: 'it is mounted by itself, so it cannot be replaced in one step',
  EXDEV: 'it is mounted by itself, so it cannot be replaced in one step',
  ESTALE: 'the file system that it is on does not answer as it should',
  EIO: 'the file system that it is on does not answer as it should',
  ETIMEDOUT: 'the file system that it is on does not answer as it should',
  ELOOP: 'its symbolic links lead in a circle',
  ELOCKED: 'another program holds its lock',
  EEXIST: 'a file is there already',
  ENOTEMPTY: 'something is in it',
  ENXIO: 'it is no ordinary file',
  ENODEV: 'it is no ordinary file',
  ETXTBSY: 'a program runs from it',
  EPIPE: 'nobody reads it any more',
};

const ADDRESS: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was reset',
  ECONNABORTED: 'the connection was broken off',
  EPIPE: 'the connection was closed',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up now',
  EAI_FAIL: 'its name cannot be looked up now',
  EAI_NODATA: 'its name is not known',
  EAI_NONAME: 'its name is not known',
  EHOSTUNREACH: 'there is no way to its address',
  EHOSTDOWN: 'there is no way to its address',
  ENETUNREACH: 'there is no network to its address',
  ENETDOWN: 'the network is down',
  ENONET: 'the network is down',
  ETIMEDOUT: 'it does not answer',
  ESOCKETTIMEDOUT: 'it does not answer',
  EADDRINUSE: 'another program listens there',
  EADDRNOTAVAIL: 'it is no address of this machine',
  EAFNOSUPPORT: 'this machine has no network of that kind',
  EACCES: 'this machine does not allow it',
  EPERM: 'this machine does not allow it',
  ENOENT: 'there is no such socket',
  EPROTO: 'it does not speak TLS',
  EMSGSIZE: 'its answer is too large',
  ENAMETOOLONG: 'its path is too long for a socket',
};

const PROGRAM: Record<string, string> = {
  ENOENT: 'there is no such program',
  ENOTDIR: 'a part of its path is a file',
  EISDIR: 'it is a directory',
  EACCES: 'it may not be run by this user',
  EPERM: 'it may not be run by this user',
  ENOEXEC: 'it is no program for this machine',
  ETXTBSY: 'somebody writes to it',
  E2BIG: 'it was given more words than this machine takes',
  EAGAIN: 'this user can start no more programs',
  ELOOP: 'its symbolic links lead in a circle',
};

/** Whatever it is about. */
const MACHINE: Record<string, string> = {
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENOMEM: 'there is not enough memory',
  ENOBUFS: 'there is not enough memory',
  EINTR: 'the system broke it off',
  ECANCELED: 'it was called off',
  EBADF: 'it is closed already',
  EINVAL: 'the system does not take it',
  ENOSYS: 'this system cannot do that',
  ENOTSUP: 'this system cannot do that',
  EOPNOTSUPP: 'this system cannot do that',
};

const REASONS: Record<Subject, Record<string, string>> = { file: FILE, address: ADDRESS, program: PROGRAM };

/** A sentence for a code; the system's own words, without the call that it was, where we have none; else undefined. */
export function findSystemReason(code: string, subject: Subject): string | undefined {
  const known = REASONS[subject][code] ?? MACHINE[code];
  if (known !== undefined) return known;
  for (const [name, words] of getSystemErrorMap().values()) if (name === code) return `${words} (${code})`;
  return undefined;
}
