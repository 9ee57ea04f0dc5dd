/*
 * Entry of the PVH guest: 32-bit protected mode, flat segments, no paging, no stack, start info in %ebx.
 * It stays there, since nothing it does needs more.
 */
#include <xen/elfnote.h>
#include "note.h"

#define XEN_CPUID_BASE  0x40000000

        NOTE(XEN_ELFNOTE_GUEST_OS, .asciz "tinypvh")
        NOTE(XEN_ELFNOTE_XEN_VERSION, .asciz "xen-3.0")
        NOTE(XEN_ELFNOTE_LOADER, .asciz "generic")
        NOTE(XEN_ELFNOTE_PHYS32_ENTRY, .long _start)

        .text
        .globl _start, hypercall_page
_start:
        cld
        mov     $stack_top, %esp
        mov     %ebx, %edi
        mov     $XEN_CPUID_BASE + 2, %eax
        cpuid                           /* %ebx: the MSR that takes the hypercall page's address */
        mov     %ebx, %ecx
        mov     $hypercall_page, %eax
        xor     %edx, %edx
        wrmsr
        push    %edi
        call    guest_main
        ud2

        .balign 4096
hypercall_page:
        .skip   4096

        .bss
        .balign 16
        .skip   8192
stack_top:

        .section .note.GNU-stack, "", @progbits
