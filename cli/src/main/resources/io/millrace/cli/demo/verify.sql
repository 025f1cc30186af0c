CREATE TABLE bids_history (
  event_id BIGINT,
  auction BIGINT,
  price BIGINT,
  channel STRING,
  date_time TIMESTAMP(3),
  kafka_partition INT,
  WATERMARK FOR date_time AS date_time
) WITH (
  'connector' = 'filesystem',
  'path' = '${history}',
  'format' = 'parquet'
);

CREATE TABLE bids_generated (
  event_id BIGINT,
  auction BIGINT,
  price BIGINT,
  channel STRING,
  date_time TIMESTAMP(3),
  WATERMARK FOR date_time AS date_time
) WITH (
  'connector' = 'nexmark',
  'seed' = '${seed}',
  'first-event.number' = '${first-event}',
  'events.num' = '${events}',
  'first-event.rate' = '${rate}',
  'next-event.from' = '${later-from}',
  'next-event.rate' = '${later-rate}'
);

CREATE VIEW bids AS
SELECT event_id, auction, price, channel, date_time, kafka_partition FROM bids_history
UNION ALL
SELECT event_id, auction, price, channel, date_time,
  CAST(MOD(event_id / 50 * 46 + MOD(event_id, 50) - 4, 4) AS INT)
FROM bids_generated;
