/*
 * Entry of the PV guest: 64-bit, in the address space that the domain builder made (virtual = pseudo-physical).
 * The start info page is in %rsi, and %rsp is already a stack.
 */
#include <xen/elfnote.h>
#include "note.h"

        NOTE(XEN_ELFNOTE_GUEST_OS, .asciz "tinypv")
        NOTE(XEN_ELFNOTE_XEN_VERSION, .asciz "xen-3.0")
        NOTE(XEN_ELFNOTE_LOADER, .asciz "generic")
        NOTE(XEN_ELFNOTE_PAE_MODE, .asciz "yes")
        NOTE(XEN_ELFNOTE_VIRT_BASE, .quad 0)
        NOTE(XEN_ELFNOTE_ENTRY, .quad _start)
        NOTE(XEN_ELFNOTE_HYPERCALL_PAGE, .quad hypercall_page)

        .text
        .globl _start, hypercall_page
_start:
        cld
        mov     %rsi, %rdi
        call    guest_main
        ud2

        .balign 4096
hypercall_page:                         /* filled by Xen before the first instruction */
        .skip   4096

        .section .note.GNU-stack, "", @progbits
