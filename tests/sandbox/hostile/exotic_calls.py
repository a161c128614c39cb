"""Knocks at every corner of the kernel that no homework needs: a call that answers other than "no" was let through.

attacked: crashed
layer: seccomp
"""

import ctypes
import errno

# Arguments that cannot do harm where the call goes through: it then complains of them, or does nothing.
CALLS = {
    "modify_ldt": (154, 0, None, 0),
    "personality": (135, 0xFFFFFFFF),
    "pivot_root": (155, None, None),
    "mount": (165, None, None, None, 0, None),
    "sethostname": (170, None, -1),
    "iopl": (172, 0),
    "ioperm": (173, 0, 0, 0),
    "quotactl": (179, -1, None, 0, None),
    "add_key": (248, None, None, None, 0, 0),
    "request_key": (249, None, None, None, 0),
    "keyctl": (250, 6, -3, 0),
    "migrate_pages": (256, -1, 0, None, None),
    "unshare": (272, 0),
    "vmsplice": (278, -1, None, 0, 0),
    "move_pages": (279, 0, 0, None, None, None, 0),
    "perf_event_open": (298, None, 0, -1, -1, 0),
    "fanotify_init": (300, 0xFFFFFFFF, 0),
    "name_to_handle_at": (303, -1, None, None, None, 0),
    "setns": (308, -1, 0),
    "process_vm_readv": (310, -1, None, 0, None, 0, 0),
    "kcmp": (312, 0, 0, 99, 0, 0),
    "finit_module": (313, -1, None, 0),
    "memfd_create": (319, None, 0xFFFF),
    "bpf": (321, -1, None, 0),
    "userfaultfd": (323, 0xFFFFFFFF),
    "io_uring_setup": (425, 0, None),
    "open_tree": (428, -1, None, 0),
    "move_mount": (429, -1, None, -1, None, 0),
    "fsopen": (430, None, 0),
    "pidfd_getfd": (438, -1, 0, 0),
    "process_madvise": (440, -1, None, 0, 0, 0),
    "mount_setattr": (442, -1, None, 0, None, 0),
    "memfd_secret": (447, 0xFFFFFFFF),
    "shmget": (29, 0, 0, 0),
    "semget": (64, 0, -1, 0),
    "msgget": (68, 0x7FFF1234, 0),
    "ptrace": (101, 99, 0, None, None),
    "mq_open": (240, None, 0, 0, None),
    "name of no call": (511,),
}


def attacked(x):
    libc = ctypes.CDLL(None, use_errno=True)
    through = []
    for name, (number, *arguments) in CALLS.items():
        ctypes.set_errno(0)
        answer = libc.syscall(number, *(None if value is None else ctypes.c_long(value) for value in arguments))
        if answer >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS, errno.EACCES):
            through.append(name)
    if not through:
        raise PermissionError("no call was let through")
    print(*through)
    return x + 1
