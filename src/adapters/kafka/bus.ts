import type { Message } from 'kafkajs';
import type { EventBus, EventSink, OutgoingEvent, PlatformEvent } from '../../ports.js';
import type { MessageProducer } from './producer.js';

/** The `EventBus` port on Kafka: CloudEvents 1.0 in binary mode. `source`: where the events say they come from. */
export function kafkaBus(producer: MessageProducer, source: string): EventBus {
  return {
    sendEvents: (topic, events) =>
      producer.send(
        topic,
        events.map((event) => messageOf(event, source)),
      ),
    close: () => producer.close(),
  };
}

/** The sink `kafka`: run events go to one topic, with the run's id as their key, so that each run's come in order. */
export function kafkaSink(bus: EventBus, topic: string): EventSink {
  return {
    name: 'kafka',
    send: (events) => bus.sendEvents(topic, events.map(platformEvent)),
    close: () => bus.close(),
  };
}

/** A run event as the platform gets it: its data is the envelope that every channel has. */
function platformEvent({ event, tenant, traceparent, tracestate }: OutgoingEvent): PlatformEvent {
  return {
    id: event.id,
    type: event.type,
    subject: event.runId,
    time: event.time,
    key: event.runId,
    data: event,
    ...(traceparent !== undefined && { traceparent }),
    ...(tracestate !== undefined && { tracestate }),
    extensions: { tenant, crew: event.crew, sequence: String(event.seq) },
  };
}

/** Every attribute is a header `ce_…`. Source: the Kafka protocol binding of CloudEvents, version 1.0.2, section 3.2. */
function messageOf(event: PlatformEvent, source: string): Message {
  const { id, type, subject, time, key, data, traceparent, tracestate, extensions = {} } = event;
  const trace = {
    ...(traceparent !== undefined && { traceparent }),
    ...(tracestate !== undefined && { tracestate }),
  };
  const attributes: Record<string, string> = {
    specversion: '1.0',
    id,
    type,
    source,
    time,
    ...(subject !== undefined && { subject }),
    ...extensions,
    partitionkey: key,
    ...trace,
  };
  const headers = Object.entries(attributes).map(([name, value]) => [`ce_${name}`, value]);
  return {
    key,
    value: JSON.stringify(data),
    headers: { 'content-type': 'application/json', ...(Object.fromEntries(headers) as object), ...trace },
  };
}
