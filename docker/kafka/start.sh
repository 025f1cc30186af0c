#!/bin/sh
# Formats the storage when it is new, then runs the broker in place of this shell.
set -eu
host=${ADVERTISED_HOST:-$(hostname)}
cat >/data/server.properties <<PROPERTIES
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:9093
listeners=CLIENTS://0.0.0.0:9092,HOST://0.0.0.0:9094,CONTROLLER://127.0.0.1:9093
advertised.listeners=CLIENTS://$host:9092,HOST://$(hostname -i):9094
listener.security.protocol.map=CLIENTS:PLAINTEXT,HOST:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=CLIENTS
controller.listener.names=CONTROLLER
log.dirs=/data/log
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
num.partitions=4
PROPERTIES
classes="/opt/kafka/lib/*"
java -cp "$classes" kafka.tools.StorageTool format --ignore-formatted \
  --cluster-id bWlsbHJhY2UtYnJva2Vy --config /data/server.properties
# Whoever waits for the broker reads "Kafka Server started".
exec java -Xmx512m -Dorg.slf4j.simpleLogger.log.kafka.server=info -cp "$classes" kafka.Kafka /data/server.properties
