extension Console {
    /// Everything a caller or the database says goes through `textContent`: no markup is ever built from it.
    static let script = #"""
        "use strict";
        const $ = (id) => document.getElementById(id);
        const SVG = "http://www.w3.org/2000/svg";
        let token = sessionStorage.getItem("parley.token") || "";
        const given = new URLSearchParams(location.hash.slice(1)).get("token");
        if (given) {
          token = given;
          sessionStorage.setItem("parley.token", token);
          history.replaceState(null, "", location.pathname);
        }
        let chosen = null, next = null, listTag = null, callTag = null, socket = null;

        function el(name, text, kind) {
          const node = document.createElement(name);
          if (text !== undefined && text !== null) node.textContent = text;
          if (kind) node.className = kind;
          return node;
        }
        function shape(name, fields) {
          const node = document.createElementNS(SVG, name);
          for (const [key, value] of Object.entries(fields)) node.setAttribute(key, value);
          return node;
        }
        const when = (text) => text ? new Date(text).toLocaleString() : "–";
        const words = (text) => (text || "").replaceAll("_", " ");
        const clock = (ms) => {
          const s = Math.floor(ms / 1000);
          return Math.floor(s / 60) + ":" + String(s % 60).padStart(2, "0") + "." + Math.floor(ms % 1000 / 100);
        };
        const mood = (outcome) =>
          ["meeting_booked", "qualified", "transferred", "follow_up_agreed"].includes(outcome) ? "good"
          : ["failed", "interrupted", "do_not_call"].includes(outcome) ? "bad" : "warn";

        async function read(path, tag) {
          const headers = { authorization: "Bearer " + token };
          if (tag) headers["if-none-match"] = tag;
          const answer = await fetch(path, { headers, cache: "no-store" });
          if (answer.status === 304) return null;
          if (answer.status === 401) {
            forget("The token is not accepted, or has expired.");
            throw new Error("Signed out.");
          }
          const body = await answer.json();
          if (!answer.ok) throw new Error(body.detail || answer.statusText);
          return { body, tag: answer.headers.get("etag") };
        }
        function forget(why) {
          sessionStorage.removeItem("parley.token");
          token = "";
          chosen = next = listTag = callTag = null;
          if (socket) socket.close();
          $("calls").replaceChildren();
          $("live").replaceChildren();
          $("call").replaceChildren(el("p", "Choose a call.", "hint"));
          $("room").hidden = true;
          $("leave").hidden = true;
          $("ask").hidden = false;
          $("wrong").textContent = why || "";
          $("token").focus();
        }
        // What is drawn anew keeps the focus that was in it.
        function redraw(box, nodes, find) {
          const held = box.contains(document.activeElement) ? document.activeElement : null;
          box.replaceChildren(...nodes);
          if (held) (find(held) || box.closest("[tabindex]") || $("list")).focus({ preventScroll: true });
        }

        function listed(call) {
          const item = el("li"), button = el("button");
          const lead = call.lead || {};
          button.append(el("span", words(call.outcome || call.status), "badge " + mood(call.outcome)));
          button.append(el("strong", lead.contact_person || lead.company_name || call.from || "Unknown number"));
          button.append(el("br"));
          const score = call.lead ? " · " + lead.status_bucket + " " + lead.lead_score : "";
          button.append(el("small", when(call.started_at) + " · " + (call.duration_seconds ?? 0) + " s" + score));
          button.dataset.id = call.id;
          button.setAttribute("aria-current", String(call.id === chosen));
          button.onclick = async () => {
            chosen = call.id;
            callTag = null;
            mark();
            await attempt(show);
            const title = $("call").querySelector("h2");
            if (chosen === call.id && title) title.focus();
          };
          item.append(button);
          return item;
        }
        function mark() {
          for (const b of $("calls").querySelectorAll("button"))
            b.setAttribute("aria-current", String(b.dataset.id === chosen));
        }
        async function list() {
          const got = await read("/api/v1/calls?limit=25", listTag);
          if (!got) return;
          listTag = got.tag;
          next = got.body.next_cursor;
          const same = (held) => [...$("calls").querySelectorAll("button")].find((b) => b.dataset.id === held.dataset.id);
          redraw($("calls"), got.body.data.map(listed), same);
          if (!got.body.data.length) $("calls").append(el("li", "No calls yet.", "hint"));
          $("more").hidden = !next;
          if (!chosen && got.body.data.length) { chosen = got.body.data[0].id; mark(); await show(); }
        }
        $("more").onclick = () => attempt(async () => {
          const got = await read("/api/v1/calls?limit=25&cursor=" + encodeURIComponent(next));
          next = got.body.next_cursor;
          const items = got.body.data.map(listed);
          $("calls").append(...items);
          $("more").hidden = !next;
          const first = items[0] && items[0].querySelector("button");
          if (first) first.focus();
        });

        function quotes(finding) {
          const cell = el("td");
          for (const proof of (finding && finding.evidence) || []) {
            const place = " " + words(proof.speaker) + " at " + clock(proof.started_ms || 0);
            cell.append(el("q", proof.words), el("small", place), el("br"));
          }
          if (!cell.childNodes.length) cell.append(el("small", "nothing was said"));
          return cell;
        }
        function bant(call) {
          const found = (call.extraction && call.extraction.bant) || {};
          const lead = call.lead || {}, kept = lead.qualification || {};
          const table = el("table"), head = el("thead"), body = el("tbody"), titles = el("tr");
          titles.append(el("td"));
          for (const title of ["Value", "Sure", "In their words"]) titles.append(header(title, "col"));
          head.append(titles);
          table.append(head, body);
          for (const field of ["budget", "authority", "need", "timeline"]) {
            const here = found[field];
            const finding = here && here.value !== "unknown" ? here : kept[field] || here || {};
            const row = el("tr");
            const amount = field === "budget" ? found.budget_amount ?? kept.budget?.amount : null;
            let value = words(finding.value || lead[field] || "unknown");
            if (amount != null) value += " (" + Number(amount).toLocaleString() + " " + (lead.currency || "") + ")";
            row.append(header(field, "row"), el("td", value));
            const sure = finding.confidence ? Math.round(finding.confidence * 100) + " %" : "–";
            row.append(el("td", sure), quotes(finding));
            body.append(row);
          }
          return table;
        }
        function header(text, scope) {
          const cell = el("th", text);
          cell.scope = scope;
          return cell;
        }

        function timeline(call) {
          const turns = call.turns || [], ear = call.ear || {};
          const answers = ear.responses || [], barges = ear.barge_ins || [], consults = call.consults || [];
          const end = Math.max(1000, ...turns.map((t) => t.ended_ms), ...answers.map((a) => a.first_audio_ms),
            ...consults.map((c) => c.ended_ms));
          const width = 900, left = 60, x = (ms) => left + ms / end * (width - left - 10);
          const svg = shape("svg", { viewBox: "0 0 " + width + " 118", role: "img" });
          svg.append(shape("title", {}));
          svg.firstChild.textContent = "Who spoke when, and how long the caller waited";
          for (const [label, y] of [["Caller", 28], ["Agent", 58], ["Wait", 84]]) {
            const text = shape("text", { x: 4, y });
            text.textContent = label;
            svg.append(text);
          }
          const step = [1, 2, 5, 10, 15, 30, 60, 120, 300].find((s) => end / 1000 / s <= 12) || 600;
          for (let s = 0; s * 1000 <= end; s += step) {
            svg.append(shape("line", { x1: x(s * 1000), x2: x(s * 1000), y1: 10, y2: 92, class: "axis" }));
            if (x(s * 1000) > width - 30) continue;
            const text = shape("text", { x: x(s * 1000) + 2, y: 108 });
            text.textContent = s + " s";
            svg.append(text);
          }
          for (const consult of consults) {
            const from = x(consult.offered_ms ?? consult.asked_ms);
            const band = shape("rect", {
              x: from, y: 10, height: 82, width: Math.max(2, x(consult.ended_ms) - from), class: "consult",
            });
            const title = shape("title", {});
            title.textContent = consulted(consult);
            band.append(title);
            svg.append(band);
          }
          for (const turn of turns) {
            const bar = shape("rect", {
              x: x(turn.started_ms), y: turn.speaker === "caller" ? 16 : 46, rx: 2, height: 16,
              width: Math.max(2, x(turn.ended_ms) - x(turn.started_ms)),
              class: "bar-" + (turn.interrupted ? "cut" : turn.speaker),
            });
            const title = shape("title", {});
            title.textContent = words(turn.speaker) + ": " + turn.heard_text;
            bar.append(title);
            svg.append(bar);
          }
          for (const answer of answers) {
            const ms = answer.first_audio_ms - answer.caller_ended_ms;
            const from = x(answer.caller_ended_ms);
            const line = shape("line", {
              x1: from, x2: Math.max(x(answer.first_audio_ms), from + 2), y1: 80, y2: 80,
              class: ms > 1500 ? "wait slow" : "wait",
            });
            const title = shape("title", {});
            title.textContent = ms + " ms to the first word of " + (answer.filler_ms != null ? "a filler" : "the answer");
            line.append(title);
            svg.append(line);
          }
          for (const barge of barges) {
            const dot = shape("circle", { cx: x(barge.detected_ms), cy: 54, r: 4, class: "barge" });
            const title = shape("title", {});
            title.textContent = "Interrupted; " + barge.discarded_ms + " ms never heard";
            dot.append(title);
            svg.append(dot);
          }
          return svg;
        }
        function consulted(consult) {
          const parts = ["“" + consult.question + "”", words(consult.ending)];
          for (const a of consult.answers || []) parts.push(words(a.specialist) + " " + words(a.outcome));
          if (consult.agreed_ms != null && consult.spoken_ms != null) {
            parts.push("answer began " + (consult.spoken_ms - consult.agreed_ms) + " ms after the yes");
          }
          if (consult.follow_up) parts.push("follow-up: " + consult.follow_up);
          return clock(consult.asked_ms) + " · " + parts.join(" · ");
        }
        // Where a filler came first the answer has a time of its own, or none came.
        function answered(a) {
          return a.answer_ms ?? (a.filler_ms == null ? a.first_audio_ms : null);
        }
        function delays(call) {
          const ear = call.ear || {}, parts = [], first = ear.pickup_to_first_audio_ms;
          const waits = (name, moment) => {
            const ms = (ear.responses || []).filter((a) => moment(a) != null)
              .map((a) => moment(a) - a.caller_ended_ms).sort((a, b) => a - b);
            if (!ms.length) return;
            const median = ms[Math.floor(ms.length / 2)], longest = ms[ms.length - 1];
            parts.push(name + " after " + median + " ms (median), " + longest + " ms (longest)");
          };
          if (first != null) parts.push("first word after " + first + " ms");
          waits("answers", answered);
          waits("fillers", (a) => a.filler_ms);
          if (ear.longest_silence_ms != null) parts.push("longest silence " + ear.longest_silence_ms + " ms");
          if ((ear.barge_ins || []).length) parts.push(ear.barge_ins.length + " interruption(s)");
          return parts.join(" · ") || "Not measured.";
        }
        function spoken(turn) {
          const row = el("div", null, "turn " + turn.speaker), who = el("div"), said = el("div");
          who.append(el("b", words(turn.speaker)), el("br"), el("small", clock(turn.started_ms)));
          said.append(turn.heard_text);
          if (turn.interrupted) {
            const rest = turn.text.startsWith(turn.heard_text) ? turn.text.slice(turn.heard_text.length) : "";
            if (rest) said.append(" ", el("del", rest.trim()));
            said.append(" ", el("span", "interrupted", "badge warn"));
          }
          row.append(who, said);
          return row;
        }
        function rows(title, entries, line) {
          if (!entries || !entries.length) return [];
          const box = el("ol");
          for (const entry of entries) box.append(el("li", line(entry)));
          return [el("h2", title), box];
        }
        async function show() {
          if (!chosen) return;
          const asked = chosen;
          const got = await read("/api/v1/calls/" + encodeURIComponent(asked), callTag);
          if (!got || asked !== chosen) return;
          callTag = got.tag;
          const call = got.body, lead = call.lead || {}, contact = call.contact || {}, page = $("call");
          const top = el("h2", contact.name || lead.contact_person || call.from || "Unknown number");
          const facts = el("p"), status = el("p");
          top.tabIndex = -1;
          status.append(el("span", words(call.outcome || call.status), "badge " + mood(call.outcome)));
          if (call.lead) {
            const standing = lead.status_bucket + " · score " + lead.lead_score + " · " + lead.stage;
            status.append(el("span", standing, "badge"));
          }
          if (contact.do_not_contact) status.append(el("span", "do not contact", "badge bad"));
          const line = [contact.company || lead.company_name, contact.position, call.from, when(call.started_at),
            (call.duration_seconds ?? 0) + " s", words(call.end_reason), call.call_sid];
          facts.append(el("small", line.filter(Boolean).join(" · ")));
          const follow = (f) => when(f.due_at) + " · " + words(f.status) + " · " + f.reason;
          const meet = (m) => when(m.starts_at) + " · " + m.title + " · " + words(m.status);
          const agreed = (c) => words(c.kind) + ": " + (c.granted ? "granted" : "refused") + " “" + c.words + "”";
          const scored = (s) => words(s.type) + " " + s.score + " · " + s.reasoning;
          redraw(page, [top, status, facts, el("p", call.summary || ""),
            el("h2", "Qualification"), bant(call),
            el("h2", "As the caller heard it"), el("p", delays(call)), timeline(call),
            el("h2", "Conversation"), ...(call.turns || []).map(spoken),
            ...rows("Follow-ups", call.follow_ups, follow), ...rows("Meetings", call.meetings, meet),
            ...rows("Consults", call.consults, consulted), ...rows("Consents", call.consents, agreed), ...rows("Scores", lead.scores, scored),
            ...rows("Usage", Object.entries(call.usage || {}), (u) => words(u[0]) + ": " + u[1])],
            () => top);
        }

        function watch() {
          const url = new URL("/api/v1/live", location.href);
          url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
          // Not in the address, which proxies write into their logs.
          socket = new WebSocket(url, ["bearer", token]);
          socket.onmessage = (message) => {
            const event = JSON.parse(message.data), item = el("li");
            item.append(el("small", clock(event.at_ms) + " " + words(event.kind) + " "));
            if (event.speaker) item.append(el("b", event.speaker + ": "));
            item.append(event.text || "");
            $("live").prepend(item);
            while ($("live").childNodes.length > 60) $("live").lastChild.remove();
            if (event.kind === "ended") setTimeout(refresh, 1500);
          };
          socket.onclose = () => {
            socket = null;
            setTimeout(() => { if (token && !socket) watch(); }, 10000);
          };
        }
        async function refresh() {
          if (!token) return;
          await attempt(async () => {
            await list();
            await show();
          });
        }
        async function attempt(work) {
          try {
            await work();
            $("state").textContent = "";
          } catch (error) {
            $("state").textContent = token ? error.message : "";
          }
        }
        async function start(isAsked) {
          // A subprotocol can carry nothing else, and a token is nothing else.
          if (!/^[\w.-]+$/.test(token)) return forget("That is no token: `parley token` prints one.");
          $("ask").hidden = true;
          $("wrong").textContent = "";
          $("room").hidden = false;
          $("leave").hidden = false;
          if (isAsked) $("list").focus();
          await refresh();
          if (token) watch();
        }
        $("leave").onclick = () => forget();
        $("ask").onsubmit = (event) => {
          event.preventDefault();
          token = $("token").value.trim();
          $("token").value = "";
          sessionStorage.setItem("parley.token", token);
          start(true);
        };
        setInterval(refresh, 5000);
        if (token) start(); else forget();
        """#
}
