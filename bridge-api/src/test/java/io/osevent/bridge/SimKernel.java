package io.osevent.bridge;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Linux as the core sees it, on virtual time: open files, the descriptors that name them, epoll sets keyed by (file,
 * number) as the kernel keys them, and timers. It has the habits that matter here: a file that survives under another
 * number stays in the set when its number is closed; a DEL or MOD of a re-used number says ENOENT; a one-shot entry is
 * silent after one report, hang-ups included; what was reported goes to the end of the list.
 *
 * <p>One thread at a time.
 */
public final class SimKernel implements NativePort {
    /** Names of the calls whose failure can be asked for. */
    public enum CallName {
        CREATE_SET,
        ADD,
        MOD,
        DEL,
        CREATE_TIMER
    }

    /** Hears of each event that a set reports. */
    @FunctionalInterface
    public interface ReportListener {
        /**
         * One event.
         *
         * @param file the open file, as {@link #identity} tells it
         * @param fd the number that the file was added under
         */
        void reported(Object file, int fd, int events);
    }

    private static class OpenFile {
        final String name;
        final boolean regular;
        int ready;
        int references;

        OpenFile(String name, boolean regular) {
            this.name = name;
            this.regular = regular;
        }
    }

    private static final class Timer extends OpenFile {
        long deadline = Long.MAX_VALUE;

        Timer() {
            super("timer", false);
        }
    }

    private record Key(OpenFile file, int fd) {}

    private static final class Item {
        int events;
        long tag;
        boolean spent;
    }

    private static final class EpollSet extends OpenFile {
        final Map<Key, Item> items = new LinkedHashMap<>();

        EpollSet() {
            super("epoll", false);
        }
    }

    private final TreeMap<Integer, OpenFile> descriptors = new TreeMap<>();
    private final Map<CallName, Integer> failures = new HashMap<>();
    private final Map<CallName, Integer> counts = new HashMap<>();
    private int limit = 1 << 20;
    private long now = 1_000_000_000L;
    private long wallOffsetMicros = 1_700_000_000_000_000L;
    private final List<String> reportedFiles = new ArrayList<>();
    private Runnable afterControl = () -> {};
    private int files;
    private int arms;
    private ReportListener listener = (file, fd, events) -> {};

    // ---- what a test does to the world ------------------------------------------------------------------------------

    /** Opens a file that can be made ready, such as one end of a socket pair. */
    public int open() {
        return install(new OpenFile("file" + files++, false));
    }

    /** Opens a file that epoll refuses with EPERM. */
    public int openRegular() {
        return install(new OpenFile("regular" + files++, true));
    }

    /** {@code dup(2)}: another number for the same open file. */
    public int dup(int fd) {
        return install(file(fd));
    }

    /** {@code dup2(2)}. */
    public void dup2(int fd, int onto) {
        OpenFile file = file(fd);
        if (descriptors.get(onto) == file) {
            return;
        }
        if (descriptors.containsKey(onto)) {
            close(onto);
        }
        file.references++;
        descriptors.put(onto, file);
    }

    /** Sets what the file behind the number is ready for. */
    public void ready(int fd, int bits) {
        file(fd).ready = bits;
    }

    /** As {@link #ready}, for a file that perhaps no number names any more. */
    public void readyBehind(Object file, int bits) {
        ((OpenFile) file).ready = bits;
    }

    public int readiness(int fd) {
        return file(fd).ready;
    }

    public boolean isOpen(int fd) {
        return descriptors.containsKey(fd);
    }

    /** What stands behind a number: the same object for the life of an open file; null if the number is free. */
    public Object identity(int fd) {
        return descriptors.get(fd);
    }

    public void listen(ReportListener toReports) {
        listener = toReports;
    }

    /** True if a failure that was asked for has not come yet. */
    public boolean willFail(CallName call) {
        return failures.containsKey(call);
    }

    /** The next call of this name fails with the error. */
    public void failNext(CallName call, int errno) {
        failures.put(call, errno);
    }

    /**
     * What another thread does right after each {@code epoll_ctl} from now on, before the caller goes on: inside its
     * lock, if it holds one.
     */
    public void afterControl(Runnable other) {
        afterControl = other;
    }

    /** RLIMIT_NOFILE. */
    public void limit(int descriptors) {
        limit = descriptors;
    }

    /** Lets monotonic time, and the wall clock with it, go on. */
    public void advance(long nanos) {
        now += nanos;
    }

    /** Sets the wall clock forward or back; the monotonic clock does not notice. */
    public void stepWallClock(long micros) {
        wallOffsetMicros += micros;
    }

    public int count(CallName call) {
        return counts.getOrDefault(call, 0);
    }

    /** How often a timer was programmed. */
    public int armCount() {
        return arms;
    }

    public int openDescriptors() {
        return descriptors.size();
    }

    /** True if {@code poll(2)} would call the descriptor readable. */
    public boolean isReadable(int fd) {
        return (poll(file(fd)) & Interest.READABLE) != 0;
    }

    /** Takes what timers have to say, as a read of each would. */
    public void drainTimers() {
        for (OpenFile file : descriptors.values()) {
            if (file instanceof Timer timer) {
                timer.deadline = Long.MAX_VALUE;
            }
        }
    }

    /** The deadline of the earliest armed timer; {@link Long#MAX_VALUE} if none is armed. */
    public long nextTimer() {
        long next = Long.MAX_VALUE;
        for (OpenFile file : descriptors.values()) {
            if (file instanceof Timer timer) {
                next = Math.min(next, timer.deadline);
            }
        }
        return next;
    }

    /** The name of the open file behind a number; empty if the number is closed. */
    public String fileName(int fd) {
        OpenFile file = descriptors.get(fd);
        return file == null ? "" : file.name;
    }

    /** The name of the file behind an event of the last wait. */
    public String reportedFile(int index) {
        return reportedFiles.get(index);
    }

    /** Files, numbers, sets and timers in words, without absolute time; for the hash of a state. */
    public String describe() {
        StringBuilder text = new StringBuilder();
        descriptors.forEach((fd, file) -> {
            text.append(fd).append('=').append(file.name).append('!').append(file.ready);
            if (file instanceof EpollSet epoll) {
                epoll.items.forEach((key, item) -> text.append(' ')
                        .append(key.fd())
                        .append('/')
                        .append(key.file().name)
                        .append('!')
                        .append(key.file().ready)
                        .append(':')
                        .append(item.spent ? "spent" : item.events)
                        .append('#')
                        .append(item.tag));
            } else if (file instanceof Timer timer) {
                boolean never = timer.deadline == Long.MAX_VALUE;
                text.append(never ? "never" : String.valueOf(Math.max(0, timer.deadline - now)));
            }
            text.append(';');
        });
        return text.toString();
    }

    /** What a set holds for the file that is behind a number now: mask and tag; empty if nothing. */
    public String item(int set, int fd) {
        Item item = ((EpollSet) file(set)).items.get(new Key(descriptors.get(fd), fd));
        return item == null ? "" : item.events + "#" + item.tag;
    }

    /** The masks of a set by descriptor number and file name, for assertions and for the hash of a state. */
    public String describe(int set) {
        StringBuilder text = new StringBuilder();
        ((EpollSet) file(set))
                .items.forEach((key, item) -> text.append(key.fd())
                        .append('/')
                        .append(key.file().name)
                        .append(':')
                        .append(item.spent ? "spent" : Integer.toHexString(item.events))
                        .append('#')
                        .append(Token.toString(item.tag))
                        .append(' '));
        return text.toString();
    }

    // ---- the port ---------------------------------------------------------------------------------------------------

    @Override
    public int createSet() {
        int failure = begin(CallName.CREATE_SET);
        return failure != 0 ? failure : install(new EpollSet());
    }

    @Override
    public int createTimer() {
        int failure = begin(CallName.CREATE_TIMER);
        return failure != 0 ? failure : install(new Timer());
    }

    @Override
    public int control(int set, int operation, int fd, int events, long tag) {
        int result = apply(set, operation, fd, events, tag);
        afterControl.run();
        return result;
    }

    private int apply(int set, int operation, int fd, int events, long tag) {
        int failure = begin(
                switch (operation) {
                    case CTL_ADD -> CallName.ADD;
                    case CTL_MOD -> CallName.MOD;
                    default -> CallName.DEL;
                });
        if (failure != 0) {
            return failure;
        }
        OpenFile file = descriptors.get(fd);
        if (file == null || !(descriptors.get(set) instanceof EpollSet epoll)) {
            return -Errno.EBADF;
        }
        if (file.regular) {
            return -Errno.EPERM;
        }
        Key key = new Key(file, fd);
        Item item = epoll.items.get(key);
        if (operation == CTL_ADD) {
            if (item != null) {
                return -Errno.EEXIST;
            }
            epoll.items.put(key, set(new Item(), events, tag));
            return 0;
        }
        if (item == null) {
            return -Errno.ENOENT;
        }
        if (operation == CTL_DEL) {
            epoll.items.remove(key);
        } else {
            set(item, events, tag);
        }
        return 0;
    }

    private static Item set(Item item, int events, long tag) {
        item.events = events;
        item.tag = tag;
        item.spent = false;
        return item;
    }

    @Override
    public int await(int set, Harvest harvest, int max, int timeoutMillis) {
        if (!(descriptors.get(set) instanceof EpollSet epoll)) {
            return -Errno.EBADF;
        }
        List<Key> reported = new ArrayList<>();
        reportedFiles.clear();
        for (Map.Entry<Key, Item> entry : epoll.items.entrySet()) {
            Item item = entry.getValue();
            int bits = reportable(entry.getKey().file(), item);
            if (bits != 0 && reported.size() < max) {
                harvest.put(reported.size(), bits, item.tag);
                listener.reported(entry.getKey().file(), entry.getKey().fd(), bits);
                reported.add(entry.getKey());
                reportedFiles.add(entry.getKey().file().name);
                item.spent = (item.events & ONESHOT) != 0;
            }
        }
        for (Key key : reported) {
            epoll.items.put(key, epoll.items.remove(key));
        }
        return reported.size();
    }

    @Override
    public Harvest newHarvest(int capacity) {
        return new Harvest(ByteBuffer.allocate(16 * capacity), 16, 8);
    }

    @Override
    public int armTimer(int timer, long delayNanos) {
        arms++;
        ((Timer) file(timer)).deadline = delayNanos == 0 ? Long.MAX_VALUE : now + delayNanos;
        return 0;
    }

    @Override
    public int close(int fd) {
        OpenFile file = descriptors.remove(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        if (--file.references == 0) {
            for (OpenFile other : new HashSet<>(descriptors.values())) {
                if (other instanceof EpollSet epoll) {
                    epoll.items.keySet().removeIf(key -> key.file() == file);
                }
            }
        }
        return 0;
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public long wallClockMicros() {
        return wallOffsetMicros + now / 1_000;
    }

    // ---- inside -----------------------------------------------------------------------------------------------------

    private int begin(CallName call) {
        counts.merge(call, 1, Integer::sum);
        Integer errno = failures.remove(call);
        return errno == null ? 0 : -errno;
    }

    private int install(OpenFile file) {
        if (descriptors.size() >= limit) {
            return -Errno.EMFILE;
        }
        int fd = 3;
        while (descriptors.containsKey(fd)) {
            fd++;
        }
        file.references++;
        descriptors.put(fd, file);
        return fd;
    }

    private OpenFile file(int fd) {
        OpenFile file = descriptors.get(fd);
        if (file == null) {
            throw new IllegalArgumentException("descriptor " + fd + " is not open");
        }
        return file;
    }

    private int poll(OpenFile file) {
        if (file instanceof Timer timer) {
            return now >= timer.deadline ? Interest.READABLE : 0;
        }
        if (file instanceof EpollSet epoll) {
            for (Map.Entry<Key, Item> entry : epoll.items.entrySet()) {
                if (reportable(entry.getKey().file(), entry.getValue()) != 0) {
                    return Interest.READABLE;
                }
            }
            return 0;
        }
        return file.ready;
    }

    private int reportable(OpenFile file, Item item) {
        return item.spent ? 0 : poll(file) & (item.events & Interest.ALL | Interest.ERROR | Interest.HANGUP);
    }
}
