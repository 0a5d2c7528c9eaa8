/*
 * The peers of the forwarding benchmark: forward every IPv4 frame of one interface to another, in the ways that C programs
 * do it. Each does a router's work on the header: time to live, checksum, both Ethernet addresses.
 *
 *   peers METHOD NAMESPACE INPUT OUTPUT DESTINATION_MAC SOURCE_MAC CPU
 *
 * METHOD: sendto    recvfrom(2) and sendto(2), a frame a call
 *         mmsg      recvmmsg(2) and sendmmsg(2), 64 frames a call
 *         txring    TPACKET_V3 receive ring, TPACKET_V2 transmit ring
 *         ring      TPACKET_V3 receive ring, sendmmsg(2)
 *         xsk       AF_XDP, one UMEM shared by both sockets
 *         redirect  XDP_REDIRECT in the kernel, nothing else
 *         cut       the same, and each frame and its bytes are counted
 *
 * Prints "ready" when it forwards and ends with its parent.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/if_xdp.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BATCH 64
#define FRAME 2048
#define RING 512
#define SPINS 20000 /* some 50 us: waking a sleeper slows the receiving processor down */
#ifndef XDP_MAX_TX_SKB_BUDGET
#define XDP_MAX_TX_SKB_BUDGET 9
#endif
#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif

static unsigned input, output;
static uint8_t addresses[12];

static void fail(const char *what) {
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

static long need(long result, const char *what) {
    if (result < 0) fail(what);
    return result;
}

static void ready(void) {
    puts("ready");
    fflush(stdout);
}

/* A router's work; returns 0 for a frame to be dropped. */
static inline int route(uint8_t *frame, unsigned length) {
    if (length < 34 || frame[12] != 0x08 || frame[13] != 0x00 || frame[22] <= 1) return 0;
    frame[22]--;
    uint16_t checksum;
    memcpy(&checksum, frame + 24, 2);
    uint32_t sum = checksum + 1u;
    checksum = sum + (sum >= 0xffff);
    memcpy(frame + 24, &checksum, 2);
    memcpy(frame, addresses, 12);
    return 1;
}

/* ---- AF_PACKET ---- */

static int packet_socket(void) {
    int one = 1, bytes = 4 << 20;
    int s = need(socket(AF_PACKET, SOCK_RAW, 0), "socket AF_PACKET");
    need(setsockopt(s, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof one), "PACKET_IGNORE_OUTGOING");
    setsockopt(s, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes);
    setsockopt(s, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
    return s;
}

static void bind_packet(int s, unsigned index, int protocol) {
    struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_protocol = htons(protocol), .sll_ifindex = index};
    need(bind(s, (struct sockaddr *)&to, sizeof to), "bind AF_PACKET");
}

static void forward_sendto(void) {
    static uint8_t frame[FRAME];
    int in = packet_socket(), out = packet_socket();
    struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_ifindex = output, .sll_halen = 6};
    bind_packet(in, input, ETH_P_ALL);
    ready();
    for (;;) {
        ssize_t length = recvfrom(in, frame, sizeof frame, 0, NULL, NULL);
        if (length > 0 && route(frame, length)) sendto(out, frame, length, 0, (struct sockaddr *)&to, sizeof to);
    }
}

static struct mmsghdr messages[BATCH];
static struct iovec vectors[BATCH];

static void send_batch(int s, int count) {
    for (int sent = 0; sent < count;) {
        int n = sendmmsg(s, messages + sent, count - sent, 0);
        sent += n > 0 ? n : 1;
    }
}

static void forward_mmsg(void) {
    static uint8_t frames[BATCH][FRAME];
    int in = packet_socket(), out = packet_socket();
    struct mmsghdr received[BATCH];
    struct iovec room[BATCH];
    memset(received, 0, sizeof received);
    for (int i = 0; i < BATCH; i++) {
        room[i] = (struct iovec){frames[i], FRAME};
        received[i].msg_hdr.msg_iov = room + i;
        received[i].msg_hdr.msg_iovlen = 1;
        messages[i].msg_hdr.msg_iov = vectors + i;
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    bind_packet(in, input, ETH_P_ALL);
    bind_packet(out, output, 0);
    ready();
    for (;;) {
        int n = recvmmsg(in, received, BATCH, MSG_WAITFORONE, NULL), count = 0;
        for (int i = 0; i < n; i++)
            if (route(frames[i], received[i].msg_len)) vectors[count++] = (struct iovec){frames[i], received[i].msg_len};
        send_batch(out, count);
    }
}

enum { TX_FRAMES = 1024 };
static uint8_t *tx_ring;
static int tx_socket, tx_next, tx_pending;

static void open_tx_ring(void) {
    struct tpacket_req request = {FRAME * 16, TX_FRAMES / 16, FRAME, TX_FRAMES};
    int version = TPACKET_V2;
    tx_socket = packet_socket();
    need(setsockopt(tx_socket, SOL_PACKET, PACKET_VERSION, &version, sizeof version), "TPACKET_V2");
    need(setsockopt(tx_socket, SOL_PACKET, PACKET_TX_RING, &request, sizeof request), "PACKET_TX_RING");
    tx_ring = mmap(NULL, FRAME * TX_FRAMES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, tx_socket, 0);
    if (tx_ring == MAP_FAILED) fail("mmap tx ring");
    bind_packet(tx_socket, output, 0);
}

static void flush_tx_ring(void) {
    if (tx_pending) send(tx_socket, NULL, 0, MSG_DONTWAIT);
    tx_pending = 0;
}

static void put_in_tx_ring(const uint8_t *frame, unsigned length) {
    struct tpacket2_hdr *slot = (void *)(tx_ring + FRAME * tx_next);
    while (__atomic_load_n(&slot->tp_status, __ATOMIC_ACQUIRE) != TP_STATUS_AVAILABLE) send(tx_socket, NULL, 0, 0);
    memcpy((uint8_t *)slot + TPACKET2_HDRLEN - sizeof(struct sockaddr_ll), frame, length);
    slot->tp_len = length;
    __atomic_store_n(&slot->tp_status, TP_STATUS_SEND_REQUEST, __ATOMIC_RELEASE);
    tx_next = (tx_next + 1) % TX_FRAMES;
    if (++tx_pending == BATCH) flush_tx_ring();
}

static void forward_ring(int with_tx_ring) {
    enum { BLOCK = 1 << 16, BLOCKS = 64 };
    int in = packet_socket(), out = -1, version = TPACKET_V3;
    struct tpacket_req3 request = {BLOCK, BLOCKS, FRAME, BLOCK / FRAME * BLOCKS, 1, 0, 0};
    need(setsockopt(in, SOL_PACKET, PACKET_VERSION, &version, sizeof version), "TPACKET_V3");
    need(setsockopt(in, SOL_PACKET, PACKET_RX_RING, &request, sizeof request), "PACKET_RX_RING");
    uint8_t *ring = mmap(NULL, BLOCK * BLOCKS, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, in, 0);
    if (ring == MAP_FAILED) fail("mmap rx ring");
    if (with_tx_ring) {
        open_tx_ring();
    } else {
        out = packet_socket();
        bind_packet(out, output, 0);
        for (int i = 0; i < BATCH; i++) {
            messages[i].msg_hdr.msg_iov = vectors + i;
            messages[i].msg_hdr.msg_iovlen = 1;
        }
    }
    bind_packet(in, input, ETH_P_ALL);
    ready();
    for (int b = 0;; b = (b + 1) % BLOCKS) {
        struct tpacket_block_desc *block = (void *)(ring + b * BLOCK);
        while (!(__atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER)) {
            struct pollfd wait = {in, POLLIN, 0};
            poll(&wait, 1, -1);
        }
        struct tpacket3_hdr *at = (void *)((uint8_t *)block + block->hdr.bh1.offset_to_first_pkt);
        int count = 0;
        for (unsigned i = 0; i < block->hdr.bh1.num_pkts; i++) {
            uint8_t *frame = (uint8_t *)at + at->tp_mac;
            if (route(frame, at->tp_snaplen)) {
                if (with_tx_ring) {
                    put_in_tx_ring(frame, at->tp_snaplen);
                } else {
                    vectors[count++] = (struct iovec){frame, at->tp_snaplen};
                    if (count == BATCH) {
                        send_batch(out, count);
                        count = 0;
                    }
                }
            }
            at = (void *)((uint8_t *)at + at->tp_next_offset);
        }
        if (with_tx_ring) flush_tx_ring();
        else send_batch(out, count);
        __atomic_store_n(&block->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
    }
}

/* ---- bpf(2) ---- */

static int bpf(int command, union bpf_attr *attributes) {
    return syscall(SYS_bpf, command, attributes, sizeof *attributes);
}

static int create_map(int type, int value_bytes) {
    union bpf_attr a = {.map_type = type, .key_size = 4, .value_size = value_bytes, .max_entries = 1};
    return need(bpf(BPF_MAP_CREATE, &a), "create map");
}

static void put_in_map(int map, uint32_t value) {
    uint32_t key = 0;
    union bpf_attr a = {.map_fd = map, .key = (uintptr_t)&key, .value = (uintptr_t)&value};
    need(bpf(BPF_MAP_UPDATE_ELEM, &a), "update map");
}

static int load(const struct bpf_insn *code, unsigned count) {
    static char log[1 << 16];
    union bpf_attr a = {.prog_type = BPF_PROG_TYPE_XDP, .insn_cnt = count,
                        .insns = (uintptr_t)code, .license = (uintptr_t)"GPL", .expected_attach_type = BPF_XDP,
                        .log_buf = (uintptr_t)log, .log_size = sizeof log, .log_level = 1};
    int program = bpf(BPF_PROG_LOAD, &a);
    if (program < 0) fail(log);
    return program;
}

/* return redirect_map(map, 0, otherwise); */
static int load_redirect(int map, int otherwise) {
    struct bpf_insn code[] = {
        {BPF_LD | BPF_DW | BPF_IMM, BPF_REG_1, BPF_PSEUDO_MAP_FD, 0, map},
        {0, 0, 0, 0, 0},
        {BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_2, 0, 0, 0},
        {BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_3, 0, 0, otherwise},
        {BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_redirect_map},
        {BPF_JMP | BPF_EXIT, 0, 0, 0, 0},
    };
    return load(code, sizeof code / sizeof *code);
}

/*
 * key = 0; length = data_end - data; c = map_lookup_elem(counters, &key);
 * if (c) { c[0]++; c[1] += length; }
 * return redirect_map(map, 0, XDP_DROP);
 */
static int load_cut(int map, int counters) {
    struct bpf_insn code[] = {
        {BPF_LDX | BPF_W | BPF_MEM, BPF_REG_6, BPF_REG_1, offsetof(struct xdp_md, data_end), 0},
        {BPF_LDX | BPF_W | BPF_MEM, BPF_REG_2, BPF_REG_1, offsetof(struct xdp_md, data), 0},
        {BPF_ALU64 | BPF_SUB | BPF_X, BPF_REG_6, BPF_REG_2, 0, 0},
        {BPF_ST | BPF_W | BPF_MEM, BPF_REG_10, 0, -4, 0},
        {BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_2, BPF_REG_10, 0, 0},
        {BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_2, 0, 0, -4},
        {BPF_LD | BPF_DW | BPF_IMM, BPF_REG_1, BPF_PSEUDO_MAP_FD, 0, counters},
        {0, 0, 0, 0, 0},
        {BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_map_lookup_elem},
        {BPF_JMP | BPF_JEQ | BPF_K, BPF_REG_0, 0, 6, 0},
        {BPF_LDX | BPF_DW | BPF_MEM, BPF_REG_2, BPF_REG_0, 0, 0},
        {BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_2, 0, 0, 1},
        {BPF_STX | BPF_DW | BPF_MEM, BPF_REG_0, BPF_REG_2, 0, 0},
        {BPF_LDX | BPF_DW | BPF_MEM, BPF_REG_2, BPF_REG_0, 8, 0},
        {BPF_ALU64 | BPF_ADD | BPF_X, BPF_REG_2, BPF_REG_6, 0, 0},
        {BPF_STX | BPF_DW | BPF_MEM, BPF_REG_0, BPF_REG_2, 8, 0},
        {BPF_LD | BPF_DW | BPF_IMM, BPF_REG_1, BPF_PSEUDO_MAP_FD, 0, map},
        {0, 0, 0, 0, 0},
        {BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_2, 0, 0, 0},
        {BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_3, 0, 0, XDP_DROP},
        {BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_redirect_map},
        {BPF_JMP | BPF_EXIT, 0, 0, 0, 0},
    };
    return load(code, sizeof code / sizeof *code);
}

static void attach(int program) {
    union bpf_attr a = {.link_create = {.prog_fd = program, .target_ifindex = input, .attach_type = BPF_XDP,
                                        .flags = XDP_FLAGS_DRV_MODE}};
    need(bpf(BPF_LINK_CREATE, &a), "attach XDP program");
}

static void forward_in_kernel(int counted) {
    int map = create_map(BPF_MAP_TYPE_DEVMAP, 4);
    put_in_map(map, output);
    attach(counted ? load_cut(map, create_map(BPF_MAP_TYPE_PERCPU_ARRAY, 16)) : load_redirect(map, XDP_DROP));
    ready();
    pause();
}

/* ---- AF_XDP ---- */

struct ring {
    uint32_t *producer, *consumer, *flags, position, limit;
    void *slots;
};

struct xsk {
    int socket;
    struct ring fill, completion, rx, tx;
};

static struct ring map_ring(int s, off_t page, struct xdp_ring_offset *at, size_t slot) {
    uint8_t *base = mmap(NULL, at->desc + RING * slot, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, s, page);
    if (base == MAP_FAILED) fail("mmap AF_XDP ring");
    return (struct ring){(void *)(base + at->producer), (void *)(base + at->consumer), (void *)(base + at->flags), 0, 0,
                         base + at->desc};
}

static struct xsk open_xsk(uint8_t *frames, size_t length, unsigned index, int shared) {
    struct xsk x;
    int size = RING, budget = 256, bytes = RING * 4096;
    x.socket = need(socket(AF_XDP, SOCK_RAW, 0), "socket AF_XDP");
    if (shared < 0) {
        struct xdp_umem_reg umem = {(uintptr_t)frames, length, FRAME, 0, 0};
        need(setsockopt(x.socket, SOL_XDP, XDP_UMEM_REG, &umem, sizeof umem), "XDP_UMEM_REG");
    }
    need(setsockopt(x.socket, SOL_XDP, XDP_UMEM_FILL_RING, &size, sizeof size), "fill ring");
    need(setsockopt(x.socket, SOL_XDP, XDP_UMEM_COMPLETION_RING, &size, sizeof size), "completion ring");
    need(setsockopt(x.socket, SOL_XDP, XDP_RX_RING, &size, sizeof size), "rx ring");
    need(setsockopt(x.socket, SOL_XDP, XDP_TX_RING, &size, sizeof size), "tx ring");
    setsockopt(x.socket, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes);
    setsockopt(x.socket, SOL_XDP, XDP_MAX_TX_SKB_BUDGET, &budget, sizeof budget);
    struct xdp_mmap_offsets at;
    socklen_t at_length = sizeof at;
    need(getsockopt(x.socket, SOL_XDP, XDP_MMAP_OFFSETS, &at, &at_length), "XDP_MMAP_OFFSETS");
    x.rx = map_ring(x.socket, XDP_PGOFF_RX_RING, &at.rx, sizeof(struct xdp_desc));
    x.tx = map_ring(x.socket, XDP_PGOFF_TX_RING, &at.tx, sizeof(struct xdp_desc));
    x.fill = map_ring(x.socket, XDP_UMEM_PGOFF_FILL_RING, &at.fr, sizeof(uint64_t));
    x.completion = map_ring(x.socket, XDP_UMEM_PGOFF_COMPLETION_RING, &at.cr, sizeof(uint64_t));
    struct sockaddr_xdp to = {.sxdp_family = AF_XDP, .sxdp_ifindex = index,
                              .sxdp_flags = shared < 0 ? XDP_USE_NEED_WAKEUP : XDP_SHARED_UMEM,
                              .sxdp_shared_umem_fd = shared < 0 ? 0 : shared};
    for (int attempt = 0; bind(x.socket, (struct sockaddr *)&to, sizeof to) < 0; attempt++) {
        if (errno != EBUSY || attempt == 100) fail("bind AF_XDP");
        usleep(20000);
    }
    return x;
}

static unsigned readable(struct ring *r, unsigned wanted) {
    if (r->limit - r->position < wanted) r->limit = __atomic_load_n(r->producer, __ATOMIC_ACQUIRE);
    unsigned n = r->limit - r->position;
    return n < wanted ? n : wanted;
}

static unsigned writable(struct ring *r) {
    return RING - (r->position - __atomic_load_n(r->consumer, __ATOMIC_ACQUIRE));
}

static void kick(struct xsk *x) {
    while (sendto(x->socket, NULL, 0, MSG_DONTWAIT, NULL, 0) < 0
           && __atomic_load_n(x->tx.consumer, __ATOMIC_ACQUIRE) != x->tx.position
           && errno == EAGAIN && readable(&x->completion, RING) < RING / 2) {
    }
}

static void forward_xsk(void) {
    enum { FRAMES = 4096 };
    static uint64_t spare[FRAMES];
    size_t length = (size_t)FRAMES * FRAME;
    uint8_t *frames = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    struct xsk in = open_xsk(frames, length, input, -1);
    struct xsk out = open_xsk(frames, length, output, in.socket);
    int spares = 0;
    for (int i = RING; i < FRAMES; i++) spare[spares++] = (uint64_t)i * FRAME;
    for (int i = 0; i < RING; i++) ((uint64_t *)in.fill.slots)[i] = (uint64_t)i * FRAME;
    in.fill.position = RING;
    __atomic_store_n(in.fill.producer, RING, __ATOMIC_RELEASE);
    int map = create_map(BPF_MAP_TYPE_XSKMAP, 4);
    put_in_map(map, in.socket);
    attach(load_redirect(map, XDP_PASS));
    ready();
    for (int idle = 0;;) {
        unsigned count = readable(&in.rx, BATCH);
        if (count == 0) {
            if (++idle > SPINS) {
                struct pollfd wait = {in.socket, POLLIN, 0};
                poll(&wait, 1, 100);
                idle = 0;
            }
            continue;
        }
        idle = 0;
        while (writable(&out.tx) < count) kick(&out);
        unsigned sent = 0;
        for (unsigned i = 0; i < count; i++) {
            struct xdp_desc *d = (struct xdp_desc *)in.rx.slots + ((in.rx.position + i) & (RING - 1));
            if (route(frames + d->addr, d->len))
                ((struct xdp_desc *)out.tx.slots)[(out.tx.position + sent++) & (RING - 1)] = *d;
            else
                spare[spares++] = d->addr & ~(uint64_t)(FRAME - 1);
        }
        in.rx.position += count;
        __atomic_store_n(in.rx.consumer, in.rx.position, __ATOMIC_RELEASE);
        out.tx.position += sent;
        __atomic_store_n(out.tx.producer, out.tx.position, __ATOMIC_RELEASE);
        if (sent) kick(&out);
        unsigned done = readable(&out.completion, RING);
        for (unsigned i = 0; i < done; i++)
            spare[spares++] = ((uint64_t *)out.completion.slots)[(out.completion.position + i) & (RING - 1)]
                              & ~(uint64_t)(FRAME - 1);
        out.completion.position += done;
        __atomic_store_n(out.completion.consumer, out.completion.position, __ATOMIC_RELEASE);
        unsigned lend = count < (unsigned)spares ? count : (unsigned)spares;
        for (unsigned i = 0; i < lend; i++)
            ((uint64_t *)in.fill.slots)[(in.fill.position + i) & (RING - 1)] = spare[--spares];
        in.fill.position += lend;
        __atomic_store_n(in.fill.producer, in.fill.position, __ATOMIC_RELEASE);
    }
}

int main(int argc, char **argv) {
    if (argc != 8) {
        fprintf(stderr, "usage: peers METHOD NAMESPACE INPUT OUTPUT DESTINATION_MAC SOURCE_MAC CPU\n");
        return 2;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    need(setns(need(open(argv[2], O_RDONLY), argv[2]), CLONE_NEWNET), "setns");
    input = if_nametoindex(argv[3]);
    output = if_nametoindex(argv[4]);
    for (int i = 0; i < 12; i++) addresses[i] = strtol(argv[5 + i / 6] + i % 6 * 3, NULL, 16);
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET(atoi(argv[7]), &cpus);
    need(sched_setaffinity(0, sizeof cpus, &cpus), "sched_setaffinity");
    if (!strcmp(argv[1], "sendto")) forward_sendto();
    else if (!strcmp(argv[1], "mmsg")) forward_mmsg();
    else if (!strcmp(argv[1], "txring")) forward_ring(1);
    else if (!strcmp(argv[1], "ring")) forward_ring(0);
    else if (!strcmp(argv[1], "xsk")) forward_xsk();
    else if (!strcmp(argv[1], "redirect")) forward_in_kernel(0);
    else if (!strcmp(argv[1], "cut")) forward_in_kernel(1);
    fprintf(stderr, "no such method: %s\n", argv[1]);
    return 2;
}
