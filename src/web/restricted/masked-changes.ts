/** The stream of changes as a restricted viewer hears it. */
import type { ChangeFollower, StreamedChange } from "../../store/change-feed.ts";
import type { Mask } from "./mask.ts";

/** A follower over another one; `look` learns who is in which group by now, as a stream lasts. */
export function maskedChanges(changes: ChangeFollower, mask: Mask, look: () => void): ChangeFollower {
  const masked = (news: readonly StreamedChange[]) => news.map((change) => maskedChange(change, mask));
  return {
    listen: (listener) =>
      changes.listen((news) => {
        look();
        listener(masked(news));
      }),
    since: async (id) => {
      const news = await changes.since(id);
      return news === undefined ? undefined : masked(news);
    },
  };
}

function maskedChange(change: StreamedChange, mask: Mask): StreamedChange {
  const { id, at, kind, host, subject, from, to } = change;
  const named = {
    id,
    at,
    kind,
    host: mask.host(host),
    subject: subject === null ? null : subjectOf(change, subject, mask),
  };
  const value = (text: string | null) => (kind === "topology" ? mask.process(host, text) : text && mask.text(text));
  return { ...named, from: value(from), to: value(to) };
}

/** A service of the topology, a source, or a check. */
function subjectOf({ kind, host }: StreamedChange, subject: string, mask: Mask): string {
  switch (kind) {
    case "topology":
      return mask.id(subject);
    case "source":
      return mask.text(subject);
    default:
      return mask.check(host, subject) ?? "";
  }
}
