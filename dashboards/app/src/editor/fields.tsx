// One key of a form: a choice where there is a list to choose from, else what its kind of value needs.

import type { ComponentChildren } from "preact";
import type { Desk, Json, Keys, Schema, Words } from "./desk";
import { ListField } from "./list";

/** What fields ask for beside their own value. */
export interface Ask {
  desk: Desk;
  words: Words;
}

export interface FieldProps {
  ask: Ask;
  name: string;
  schema: Schema;
  value: Json;
  isRequired?: boolean;
  /** Null takes the key out. */
  set(value: Json): void;
}

export function Field(props: FieldProps) {
  const { ask, name, value } = props;
  const schema = resolved(ask.desk, props.schema);
  if (schema.type === "array") return <ListField {...props} schema={schema} />;
  if (schema.anyOf) return <WordsField {...props} />;
  const choices = choicesOf(ask, name, schema);
  if (choices) return <Choice {...props} choices={choices} />;
  if (schema.type === "boolean") return <Truth {...props} />;
  const isNumber = schema.type === "integer" || schema.type === "number";
  const written = value === null ? "" : String(value);
  const take = (text: string) => {
    if (text === written) return;
    if (text === "" && !props.isRequired) props.set(null);
    else if (!isNumber) props.set(text);
    else if (text !== "" && isFinite(Number(text))) props.set(Number(text));
  };
  return (
    <Labelled name={name} hint={props.schema.description}>
      <input
        type={isNumber ? "number" : "text"}
        step="any"
        name={name}
        required={props.isRequired}
        value={written}
        onChange={(event) => take(event.currentTarget.value.trim())}
      />
    </Labelled>
  );
}

export function Labelled({ name, hint, children }: { name: string; hint?: string | undefined; children: ComponentChildren }) {
  return (
    <label class="key" title={hint}>
      <span>
        <code>{name}</code>
        {hint && <small> {hint}</small>}
      </span>
      {children}
    </label>
  );
}

export interface ChoiceOf {
  value: string;
  words: string;
}

/** What may be chosen; null where anything may be written. */
export function choicesOf(ask: Ask, name: string, schema: Schema): ChoiceOf[] | null {
  const { desk, words } = ask;
  if (name === "kpi") return desk.kpis.map((kpi) => ({ value: kpi.id, words: `${kpi.title} (${kpi.id})` }));
  const names = desk.names[name];
  if (names) {
    const all = names.map((value) => ({ value, words: value }));
    return name === "queue" ? [...all, { value: "", words: words["no-queue"] || "" }] : all;
  }
  return schema.enum ? schema.enum.map((value) => ({ value, words: value })) : null;
}

/** In a choice: no such key. It stands for no value that a file could have. */
const NOTHING = "\u0000";

export function Choice({ ask, name, schema, value, isRequired, set, choices }: FieldProps & { choices: ChoiceOf[] }) {
  const written = value === null ? NOTHING : String(value);
  // What the lists do not know stays what it is.
  const isKnown = value === null || choices.some((choice) => choice.value === written);
  return (
    <Labelled name={name} hint={schema.description}>
      <select
        name={name}
        value={written}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          set(chosen === NOTHING ? null : chosen);
        }}
      >
        {(!isRequired || value === null) && <option value={NOTHING}>{ask.words["none"]}</option>}
        {!isKnown && <option value={written}>{written}</option>}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.words}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

function Truth({ ask, name, schema, value, set }: FieldProps) {
  const { words } = ask;
  return (
    <Labelled name={name} hint={schema.description}>
      <select
        name={name}
        value={value === null ? "" : String(value)}
        onChange={(event) => set(event.currentTarget.value === "" ? null : event.currentTarget.value === "true")}
      >
        <option value="">{words["none"]}</option>
        <option value="true">{words["yes"]}</option>
        <option value="false">{words["no"]}</option>
      </select>
    </Labelled>
  );
}

/** A text, or one for each language. */
function WordsField({ ask, name, schema, value, set }: FieldProps) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    const text = typeof value === "string" ? value : "";
    return (
      <div class="key-with">
        <Labelled name={name} hint={schema.description}>
          <input
            type="text"
            name={name}
            value={text}
            onChange={(event) => set(event.currentTarget.value === "" ? null : event.currentTarget.value)}
          />
        </Labelled>
        <button type="button" class="plain" onClick={() => set({ [ask.desk.languages[0] || "en"]: text })}>
          {ask.words["words"]}
          <span class="unseen"> {name}</span>
        </button>
      </div>
    );
  }
  const texts: Keys = value;
  const put = (language: string, text: string) => {
    const all: Keys = { ...texts, [language]: text };
    if (text === "") delete all[language];
    set(Object.keys(all).length > 0 ? all : null);
  };
  return (
    <fieldset class="key">
      <legend>
        <code>{name}</code>
      </legend>
      {ask.desk.languages.map((language) => (
        <Labelled key={language} name={language}>
          <input
            type="text"
            name={`${name}.${language}`}
            value={typeof texts[language] === "string" ? texts[language] : ""}
            onChange={(event) => put(language, event.currentTarget.value)}
          />
        </Labelled>
      ))}
    </fieldset>
  );
}

/** The schema itself, where it only names one of the longer lists. */
export function resolved(desk: Desk, schema: Schema): Schema {
  const name = schema.$ref?.split("/").pop();
  const found = name ? desk.schema.definitions?.[name] : undefined;
  return found ? { ...found, ...(schema.description ? { description: schema.description } : {}) } : schema;
}
