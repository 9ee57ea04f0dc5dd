package io.osevent.bench;

import io.vertx.core.json.JsonObject;

/**
 * One measured value.
 *
 * @param round the round it was taken in; values of one round were taken one after the other
 * @param row the row as the peer printed it
 */
record Sample(int round, JsonObject row) {
    double value() {
        return row.getDouble("value");
    }
}
