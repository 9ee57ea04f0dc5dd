/*
 * A guest without an operating system, whose end is known in advance. Its command line is a mode and, if wanted, a
 * delay in milliseconds before it:
 *
 *   poweroff | reboot | crash   shut down with reason 0, 1 or 3
 *   block                       stay for ever
 *   obey                        do what control/shutdown in the Xenstore asks for, as a well-behaved kernel does
 *
 * Anything else ends with reason 4 (watchdog), so that a typing error is not taken for an answer. The guest writes its
 * command line to the console first. The same source serves PV (64-bit) and PVH (32-bit, no paging).
 */
#include <stddef.h>
#include <stdint.h>

#include <xen/xen.h>

#include <xen/event_channel.h>
#include <xen/io/console.h>
#include <xen/io/xs_wire.h>
#include <xen/memory.h>
#include <xen/sched.h>

#define PAGE_SIZE 4096
#define NS_PER_MS 1000000ull

#define read_memory_barrier() __asm__ volatile("lfence" ::: "memory")
#define write_memory_barrier() __asm__ volatile("sfence" ::: "memory")
#define memory_barrier() __asm__ volatile("mfence" ::: "memory")

extern char hypercall_page[];

static inline long hypercall(unsigned number, unsigned long a, unsigned long b, unsigned long c)
{
    char *stub = hypercall_page + number * 32;
    long result;

#ifdef __x86_64__
    __asm__ volatile("call *%[stub]"
                     : "=a"(result), "+D"(a), "+S"(b), "+d"(c)
                     : [stub] "r"(stub)
                     : "memory", "rcx", "r8", "r9", "r10", "r11");
#else
    __asm__ volatile("call *%[stub]" : "=a"(result), "+b"(a), "+c"(b), "+d"(c) : [stub] "rm"(stub) : "memory");
#endif
    return result;
}

static _Noreturn void shut_down(unsigned reason)
{
    struct sched_shutdown request = {.reason = reason};

    for (;;)
        hypercall(__HYPERVISOR_sched_op, SCHEDOP_shutdown, (unsigned long)&request, 0);
}

static void expect(int condition)
{
    if (!condition)
        shut_down(SHUTDOWN_watchdog);
}

/* ---- what the builder hands over, and where it lies ---- */

struct boot {
    const char *command_line;
    volatile struct shared_info *shared;
    volatile struct xencons_interface *console;
    volatile struct xenstore_domain_interface *store;
    evtchn_port_t console_port;
    evtchn_port_t store_port;
};

static struct boot boot;
static char shared_page[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

#ifdef __x86_64__

#define PTE_PRESENT_WRITABLE_USER 7

static char console_page[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static char store_page[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

/* Maps a frame of the machine's over a page of ours. */
static void *map(void *page, uint64_t machine_address)
{
    expect(hypercall(__HYPERVISOR_update_va_mapping, (unsigned long)page, machine_address | PTE_PRESENT_WRITABLE_USER,
                     UVMF_INVLPG)
           == 0);
    return page;
}

static void read_start_info(const void *info)
{
    const struct start_info *start = info;

    boot.command_line = (const char *)start->cmd_line;
    boot.shared = map(shared_page, start->shared_info);
    boot.console = map(console_page, start->console.domU.mfn * PAGE_SIZE);
    boot.console_port = start->console.domU.evtchn;
    boot.store = map(store_page, start->store_mfn * PAGE_SIZE);
    boot.store_port = start->store_evtchn;
}

#else

#include <xen/arch-x86/hvm/start_info.h>
#include <xen/hvm/hvm_op.h>
#include <xen/hvm/params.h>

static uint32_t parameter(uint32_t index)
{
    struct xen_hvm_param request = {.domid = DOMID_SELF, .index = index};

    expect(hypercall(__HYPERVISOR_hvm_op, HVMOP_get_param, (unsigned long)&request, 0) == 0);
    return request.value;
}

static void read_start_info(const void *info)
{
    const struct hvm_start_info *start = info;
    struct xen_add_to_physmap request = {
        .domid = DOMID_SELF, .space = XENMAPSPACE_shared_info, .gpfn = (unsigned long)shared_page / PAGE_SIZE};

    expect(start->magic == XEN_HVM_START_MAGIC_VALUE);
    expect(hypercall(__HYPERVISOR_memory_op, XENMEM_add_to_physmap, (unsigned long)&request, 0) == 0);
    boot.command_line = start->cmdline_paddr != 0 ? (const char *)(unsigned long)start->cmdline_paddr : "";
    boot.shared = (void *)shared_page;
    boot.console = (void *)(parameter(HVM_PARAM_CONSOLE_PFN) * PAGE_SIZE);
    boot.console_port = parameter(HVM_PARAM_CONSOLE_EVTCHN);
    boot.store = (void *)(parameter(HVM_PARAM_STORE_PFN) * PAGE_SIZE);
    boot.store_port = parameter(HVM_PARAM_STORE_EVTCHN);
}

#endif

/* ---- time and sleep ---- */

/* Nanoseconds since Xen started, read as its interface header describes. */
static uint64_t now(void)
{
    volatile struct vcpu_time_info *time = &boot.shared->vcpu_info[0].time;
    uint32_t version, low, high;
    uint64_t delta, result;

    do {
        version = time->version;
        read_memory_barrier();
        __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
        delta = ((uint64_t)high << 32 | low) - time->tsc_timestamp;
        delta = time->tsc_shift < 0 ? delta >> -time->tsc_shift : delta << time->tsc_shift;
        /* 64 by 32 bits, of which the upper 64 are wanted, in two halves. */
        result = (delta >> 32) * time->tsc_to_system_mul + ((delta & 0xffffffff) * time->tsc_to_system_mul >> 32)
                 + time->system_time;
        read_memory_barrier();
    } while ((version & 1) != 0 || version != time->version);
    return result;
}

/* Sleeps until the port has an event (0: no port) or the time has come (0: never). */
static void poll(evtchn_port_t port, uint64_t until)
{
    struct sched_poll request = {.nr_ports = port != 0, .timeout = until};

    set_xen_guest_handle(request.ports, &port);
    hypercall(__HYPERVISOR_sched_op, SCHEDOP_poll, (unsigned long)&request, 0);
    if (port != 0)
        __atomic_fetch_and(&boot.shared->evtchn_pending[port / (8 * sizeof(xen_ulong_t))],
                           ~((xen_ulong_t)1 << port % (8 * sizeof(xen_ulong_t))), __ATOMIC_SEQ_CST);
}

static void sleep_until(uint64_t deadline)
{
    while (now() < deadline)
        poll(0, deadline);
}

static void notify(evtchn_port_t port)
{
    struct evtchn_send request = {.port = port};

    hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_send, (unsigned long)&request, 0);
}

/* ---- strings ---- */

static size_t length(const char *text)
{
    size_t n = 0;

    while (text[n] != 0)
        n++;
    return n;
}

/* Whether the text is the word, alone or followed by a blank. */
static int is_word(const char *text, const char *word)
{
    while (*word != 0)
        if (*text++ != *word++)
            return 0;
    return *text == 0 || *text == ' ';
}

static uint64_t number_after_blank(const char *text)
{
    uint64_t value = 0;

    while (*text != 0 && *text != ' ')
        text++;
    while (*text == ' ')
        text++;
    for (; *text != 0; text++) {
        expect(*text >= '0' && *text <= '9');
        value = value * 10 + (*text - '0');
    }
    return value;
}

/* ---- the console: what does not fit is dropped ---- */

static void print(const char *text)
{
    volatile struct xencons_interface *ring = boot.console;
    XENCONS_RING_IDX consumed = ring->out_cons, produced = ring->out_prod;

    memory_barrier();
    while (*text != 0 && produced - consumed < sizeof(ring->out))
        ring->out[MASK_XENCONS_IDX(produced++, ring->out)] = *text++;
    write_memory_barrier();
    ring->out_prod = produced;
    notify(boot.console_port);
}

/* ---- the Xenstore: one request at a time, all shorter than its ring ---- */

static int watch_fired;

static void put(const void *data, size_t n)
{
    volatile struct xenstore_domain_interface *ring = boot.store;
    XENSTORE_RING_IDX produced = ring->req_prod;

    for (const char *from = data; n != 0; n--)
        ring->req[MASK_XENSTORE_IDX(produced++)] = *from++;
    write_memory_barrier();
    ring->req_prod = produced;
    notify(boot.store_port);
}

static void get(void *data, size_t n)
{
    volatile struct xenstore_domain_interface *ring = boot.store;

    for (char *to = data; n != 0; n--) {
        while (ring->rsp_cons == ring->rsp_prod)
            poll(boot.store_port, 0);
        read_memory_barrier();
        *to++ = ring->rsp[MASK_XENSTORE_IDX(ring->rsp_cons)];
        memory_barrier();
        ring->rsp_cons++;
        if (n == 1)
            notify(boot.store_port);
    }
}

/* Takes one message into the buffer, as a string. */
static uint32_t receive(char *buffer, size_t size)
{
    struct xsd_sockmsg header;

    get(&header, sizeof(header));
    expect(header.len < size);
    get(buffer, header.len);
    buffer[header.len] = 0;
    if (header.type == XS_WATCH_EVENT)
        watch_fired = 1;
    return header.type;
}

static void request(uint32_t type, const char *body, size_t n, char *reply, size_t size)
{
    struct xsd_sockmsg header = {.type = type, .len = n};
    uint32_t answered;

    put(&header, sizeof(header));
    put(body, n);
    while ((answered = receive(reply, size)) == XS_WATCH_EVENT)
        ;
    expect(answered == type || answered == XS_ERROR);
}

static _Noreturn void obey(void)
{
    static const char node[] = "control/shutdown";
    static const char watch[] = "control/shutdown\0obey";
    char reply[256];

    request(XS_WATCH, watch, sizeof(watch), reply, sizeof(reply));
    for (;;) {
        while (!watch_fired)
            receive(reply, sizeof(reply));
        watch_fired = 0;
        request(XS_READ, node, sizeof(node), reply, sizeof(reply));
        int reason = is_word(reply, "poweroff") || is_word(reply, "halt") ? SHUTDOWN_poweroff
                     : is_word(reply, "reboot")                           ? SHUTDOWN_reboot
                                                                          : -1;
        if (reason >= 0) {
            /* The empty value, without a terminator, is the acknowledgement that the toolstack waits for. */
            request(XS_WRITE, node, sizeof(node), reply, sizeof(reply));
            shut_down(reason);
        }
    }
}

/* ---- */

_Noreturn void guest_main(const void *info);

_Noreturn void guest_main(const void *info)
{
    read_start_info(info);
    const char *mode = boot.command_line;
    uint64_t started = now();

    print("tiny: ");
    print(length(mode) < 80 ? mode : "(long command line)");
    print("\r\n");
    sleep_until(started + number_after_blank(mode) * NS_PER_MS);

    if (is_word(mode, "poweroff"))
        shut_down(SHUTDOWN_poweroff);
    if (is_word(mode, "reboot"))
        shut_down(SHUTDOWN_reboot);
    if (is_word(mode, "crash"))
        shut_down(SHUTDOWN_crash);
    if (is_word(mode, "obey"))
        obey();
    while (is_word(mode, "block"))
        poll(0, 0);
    shut_down(SHUTDOWN_watchdog);
}
