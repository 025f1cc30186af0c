package io.millrace.benchmarks.flink;

import java.io.IOException;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A type of some longs, serialized as these and nothing else: the least that Flink can be given to copy. */
final class Longs<T> extends TypeInformation<T> {
    static final TypeInformation<EventKey> KEYS = new Longs<>(EventKey.class, new Keys());
    static final TypeInformation<Event> EVENTS = new Longs<>(Event.class, new Events());
    static final TypeInformation<Counted> RESULTS = new Longs<>(Counted.class, new Results());

    private static final long serialVersionUID = 1;

    private final Class<T> type;
    private final TypeSerializer<T> serializer;

    private Longs(Class<T> type, TypeSerializer<T> serializer) {
        this.type = type;
        this.serializer = serializer;
    }

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public Class<T> getTypeClass() {
        return type;
    }

    @Override
    public boolean isKeyType() {
        return true;
    }

    @Override
    public TypeSerializer<T> createSerializer(SerializerConfig config) {
        return serializer;
    }

    @Override
    public String toString() {
        return type.getSimpleName();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Longs<?> longs && longs.type == type;
    }

    @Override
    public int hashCode() {
        return type.hashCode();
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof Longs<?>;
    }

    /** Of keys: 16 bytes. */
    static final class Keys extends TypeSerializerSingleton<EventKey> {
        private static final long serialVersionUID = 1;

        /** Restores it. */
        public static final class Snapshot extends SimpleTypeSerializerSnapshot<EventKey> {
            public Snapshot() {
                super(Keys::new);
            }
        }

        @Override
        public boolean isImmutableType() {
            return true;
        }

        @Override
        public EventKey createInstance() {
            return new EventKey(0, 0);
        }

        @Override
        public EventKey copy(EventKey from) {
            return from;
        }

        @Override
        public EventKey copy(EventKey from, EventKey reuse) {
            return from;
        }

        @Override
        public int getLength() {
            return 2 * Long.BYTES;
        }

        @Override
        public void serialize(EventKey key, DataOutputView target) throws IOException {
            target.writeLong(key.head());
            target.writeLong(key.tail());
        }

        @Override
        public EventKey deserialize(DataInputView source) throws IOException {
            return new EventKey(source.readLong(), source.readLong());
        }

        @Override
        public EventKey deserialize(EventKey reuse, DataInputView source) throws IOException {
            return deserialize(source);
        }

        @Override
        public void copy(DataInputView source, DataOutputView target) throws IOException {
            target.write(source, getLength());
        }

        @Override
        public TypeSerializerSnapshot<EventKey> snapshotConfiguration() {
            return new Snapshot();
        }
    }

    /** Of events: 24 bytes. */
    static final class Events extends TypeSerializerSingleton<Event> {
        private static final long serialVersionUID = 1;

        /** Restores it. */
        public static final class Snapshot extends SimpleTypeSerializerSnapshot<Event> {
            public Snapshot() {
                super(Events::new);
            }
        }

        @Override
        public boolean isImmutableType() {
            return false;
        }

        @Override
        public Event createInstance() {
            return new Event();
        }

        @Override
        public Event copy(Event from) {
            return copy(from, new Event());
        }

        @Override
        public Event copy(Event from, Event reuse) {
            reuse.keyHead = from.keyHead;
            reuse.keyTail = from.keyTail;
            reuse.value = from.value;
            return reuse;
        }

        @Override
        public int getLength() {
            return 3 * Long.BYTES;
        }

        @Override
        public void serialize(Event event, DataOutputView target) throws IOException {
            target.writeLong(event.keyHead);
            target.writeLong(event.keyTail);
            target.writeLong(event.value);
        }

        @Override
        public Event deserialize(DataInputView source) throws IOException {
            return deserialize(new Event(), source);
        }

        @Override
        public Event deserialize(Event reuse, DataInputView source) throws IOException {
            reuse.keyHead = source.readLong();
            reuse.keyTail = source.readLong();
            reuse.value = source.readLong();
            return reuse;
        }

        @Override
        public void copy(DataInputView source, DataOutputView target) throws IOException {
            target.write(source, getLength());
        }

        @Override
        public TypeSerializerSnapshot<Event> snapshotConfiguration() {
            return new Snapshot();
        }
    }

    /** Of counts and sums: 16 bytes. The key is in the state's key, and results meet their sink in the same task. */
    static final class Results extends TypeSerializerSingleton<Counted> {
        private static final long serialVersionUID = 1;

        /** Restores it. */
        public static final class Snapshot extends SimpleTypeSerializerSnapshot<Counted> {
            public Snapshot() {
                super(Results::new);
            }
        }

        @Override
        public boolean isImmutableType() {
            return false;
        }

        @Override
        public Counted createInstance() {
            return new Counted();
        }

        @Override
        public Counted copy(Counted from) {
            return copy(from, new Counted());
        }

        @Override
        public Counted copy(Counted from, Counted reuse) {
            reuse.count = from.count;
            reuse.sum = from.sum;
            return reuse;
        }

        @Override
        public int getLength() {
            return 2 * Long.BYTES;
        }

        @Override
        public void serialize(Counted counted, DataOutputView target) throws IOException {
            target.writeLong(counted.count);
            target.writeLong(counted.sum);
        }

        @Override
        public Counted deserialize(DataInputView source) throws IOException {
            return deserialize(new Counted(), source);
        }

        @Override
        public Counted deserialize(Counted reuse, DataInputView source) throws IOException {
            reuse.count = source.readLong();
            reuse.sum = source.readLong();
            return reuse;
        }

        @Override
        public void copy(DataInputView source, DataOutputView target) throws IOException {
            target.write(source, getLength());
        }

        @Override
        public TypeSerializerSnapshot<Counted> snapshotConfiguration() {
            return new Snapshot();
        }
    }
}
