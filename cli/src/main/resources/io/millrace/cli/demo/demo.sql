-- Three months of bids in Parquet files. The last 100,000 of them are in the topic as well, and know where.
CREATE TABLE bids_history (
  event_id BIGINT,
  auction BIGINT,
  bidder BIGINT,
  price BIGINT,
  channel STRING,
  url STRING,
  date_time TIMESTAMP(3),
  extra STRING,
  kafka_partition INT,
  kafka_offset BIGINT
) WITH (
  'connector' = 'filesystem',
  'path' = '${history}',
  'format' = 'parquet'
);

-- What comes now.
CREATE TABLE bids_live (
  event_id BIGINT,
  auction BIGINT,
  bidder BIGINT,
  price BIGINT,
  channel STRING,
  url STRING,
  date_time TIMESTAMP(3),
  extra STRING,
  kafka_partition INT METADATA FROM 'partition' VIRTUAL,
  kafka_offset BIGINT METADATA FROM 'offset' VIRTUAL,
  WATERMARK FOR date_time AS date_time - INTERVAL '1' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = '${topic}',
  'properties.bootstrap.servers' = '${brokers}',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

-- Both as one table: history first, then the topic, each bid once.
CREATE TABLE bids (LIKE bids_live) WITH (
  'connector' = 'hybrid',
  'stages' = 'bids_history,bids_live',
  'handover.by' = 'offset',
  'handover.partition-column' = 'kafka_partition',
  'handover.offset-column' = 'kafka_offset'
);

CREATE MATERIALIZED VIEW bids_by_minute AS
SELECT window_start, window_end, COUNT(*) AS bids, SUM(price) AS total, MAX(price) AS dearest
FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(date_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end;

CREATE MATERIALIZED VIEW channels_by_hour AS
SELECT window_start, window_end, channel, COUNT(*) AS bids, SUM(price) AS total
FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(date_time), INTERVAL '1' HOUR))
WHERE channel IN ('Google', 'Facebook', 'Baidu', 'Apple')
GROUP BY window_start, window_end, channel;

-- The auctions that half of all bids go to.
CREATE MATERIALIZED VIEW hot_auctions_by_hour AS
SELECT window_start, window_end, auction, COUNT(*) AS bids, MAX(price) AS dearest
FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(date_time), INTERVAL '1' HOUR))
WHERE MOD(auction, 100) = 0
GROUP BY window_start, window_end, auction;

-- How far each partition is; NULL is what is older than the topic. Latency is measured here.
CREATE MATERIALIZED VIEW partitions AS
SELECT kafka_partition, COUNT(*) AS bids, MAX(event_id) AS last_event
FROM bids
GROUP BY kafka_partition;
