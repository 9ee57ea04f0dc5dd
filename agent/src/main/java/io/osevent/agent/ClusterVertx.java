package io.osevent.agent;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.ConfigUtil;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;

/** Makes the Vert.x of an agent that joins others. Apart from the rest, so that Hazelcast is loaded for nobody else. */
final class ClusterVertx {

    private static final String LOGGING = "hazelcast.logging.type";

    private ClusterVertx() {}

    static Future<Vertx> start(ClusterConfig cluster, VertxOptions options) {
        // Hazelcast tells its whole life otherwise, on standard error.
        if (System.getProperty(LOGGING) == null) {
            System.setProperty(LOGGING, "none");
        }
        HazelcastClusterManager manager = new HazelcastClusterManager(config(cluster));
        options.setEventBusOptions(
                new EventBusOptions().setHost(cluster.listen().host()).setPort(0));
        return Vertx.builder()
                .with(options)
                .withClusterManager(manager)
                .buildClustered()
                .recover(cause -> Future.failedFuture(new UserError(
                        UserError.FAILED,
                        "cannot join cluster '" + cluster.name() + "' on " + cluster.listen() + ": "
                                + cause.getMessage())));
    }

    private static Config config(ClusterConfig cluster) {
        // Vert.x's own maps keep the settings that Vert.x ships.
        Config config = ConfigUtil.loadConfig();
        config.setClusterName(cluster.name());
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        config.setProperty("hazelcast.socket.bind.any", "false");
        // A member that is gone without a word is noticed when its connections break, at the latest after this.
        config.setProperty("hazelcast.max.no.heartbeat.seconds", "10");
        config.setProperty("hazelcast.heartbeat.interval.seconds", "1");
        config.getMetricsConfig().setEnabled(false);
        config.getNetworkConfig().setPort(cluster.listen().port()).setPortAutoIncrement(true);
        config.getNetworkConfig()
                .getInterfaces()
                .setEnabled(true)
                .addInterface(cluster.listen().host());
        JoinConfig join = config.getNetworkConfig().getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setMembers(cluster.members());
        return config;
    }
}
