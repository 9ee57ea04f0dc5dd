/* NOTE(type, directive): one Xen ELF note, by which a kernel tells the domain builder how it wants to be started. */
#define NOTE(type, ...)                                                                                                \
        .pushsection .note.Xen, "a", @note;                                                                            \
        .balign 4;                                                                                                     \
        .long 2f - 1f, 4f - 3f, type;                                                                                  \
        1: .asciz "Xen"; 2: .balign 4;                                                                                 \
        3: __VA_ARGS__; 4: .balign 4;                                                                                  \
        .popsection
