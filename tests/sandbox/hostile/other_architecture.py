"""Makes system calls in the ways of other architectures, whose numbers mean something else: int 0x80 and x32.

attacked: crashed
layer: seccomp
"""

import ctypes
import mmap

# mov eax, 2 (fork); int 0x80; test eax, eax; jnz done; mov eax, 1 (exit); xor ebx, ebx; int 0x80; done: ret
# The calls clobber rbx, so it is kept.
CODE = bytes.fromhex("53 b802000000 cd80 85c0 7509 b801000000 31db cd80 5b c3")


def attacked(x):
    page = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(CODE)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    child = ctypes.CFUNCTYPE(ctypes.c_int)(address)()
    if child > 0:
        return x + 1
    if ctypes.CDLL(None, use_errno=True).syscall(0x40000000 + 39) > 0:  # getpid of x32
        return x + 1
    raise OSError(-child, "int 0x80")
