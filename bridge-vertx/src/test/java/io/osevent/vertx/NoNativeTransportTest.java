package io.osevent.vertx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Netty's native transports are the user's choice: who has them not on the class path gets NIO. */
class NoNativeTransportTest {
    private static final long BOUND_SECONDS = 20;

    /** Runs among classes that were loaded without those of the native transports. */
    public static final class Probe implements Function<Long, String> {
        @Override
        public String apply(Long boundSeconds) {
            io.vertx.core.Vertx vertx = io.vertx.core.Vertx.vertx();
            try {
                VertxHost host = new VertxHost(vertx);
                host.close();
                return host.transport();
            } finally {
                vertx.close()
                        .toCompletionStage()
                        .toCompletableFuture()
                        .orTimeout(boundSeconds, TimeUnit.SECONDS)
                        .join();
            }
        }
    }

    @Test
    void aHostWorksWithoutTheClassesOfTheNativeTransports() throws Exception {
        try (URLClassLoader loader =
                new URLClassLoader(classPathWithoutNativeTransports(), ClassLoader.getPlatformClassLoader())) {
            assertThrows(ClassNotFoundException.class, () -> loader.loadClass("io.netty.channel.epoll.EpollIoHandle"));
            @SuppressWarnings("unchecked")
            Function<Long, String> probe = (Function<Long, String>)
                    loader.loadClass(Probe.class.getName()).getConstructor().newInstance();

            assertEquals("nio", probe.apply(BOUND_SECONDS));
        }
    }

    private static URL[] classPathWithoutNativeTransports() throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
            String name = Path.of(element).getFileName().toString();
            if (!name.startsWith("netty-transport-classes") && !name.startsWith("netty-transport-native-")) {
                urls.add(Path.of(element).toUri().toURL());
            }
        }
        return urls.toArray(URL[]::new);
    }
}
