/** Shows what is wrong with a field beside the field, in the page's words where it has some. */

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function controlsIn(container: Element): Control[] {
  return [
    ...container.querySelectorAll<Control>("input.control, select.control, textarea.control"),
  ];
}

/** Whether the chosen file is larger than the server takes: it would not even let it in. */
function isTooLarge(control: Control): boolean {
  const size = control instanceof HTMLInputElement ? (control.files?.[0]?.size ?? 0) : 0;
  return size > Number(control.dataset.maxOctets ?? Number.POSITIVE_INFINITY);
}

function messageFor(control: Control): string {
  const { validity, dataset } = control;
  if (isTooLarge(control)) return dataset.textTooLarge ?? "";
  if (validity.valid) return "";
  if (validity.valueMissing) return dataset.textRequired ?? control.validationMessage;
  if (validity.rangeUnderflow && dataset.textMinValue) return dataset.textMinValue;
  if (validity.rangeOverflow && dataset.textMaxValue) return dataset.textMaxValue;
  return dataset.textInvalid ?? control.validationMessage;
}

/** Writes or clears the message of one field. Returns whether the field is in order. */
export function showErrorOf(control: Control): boolean {
  const field = control.closest(".field");
  const line = field?.querySelector<HTMLElement>(".field__error");
  const text = line?.querySelector("[data-error-text]");
  const message = messageFor(control);
  if (!field || !line || !text) return message === "";
  field.classList.toggle("field--invalid", message !== "");
  line.hidden = message === "";
  text.textContent = message;
  if (message === "") control.removeAttribute("aria-invalid");
  else control.setAttribute("aria-invalid", "true");
  describeBy(control, line.id, message !== "");
  return message === "";
}

function describeBy(control: Control, id: string, wanted: boolean): void {
  const ids = new Set((control.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  if (wanted) ids.add(id);
  else ids.delete(id);
  if (ids.size) control.setAttribute("aria-describedby", [...ids].join(" "));
  else control.removeAttribute("aria-describedby");
}

/** Checks all fields inside `container`, focuses the first wrong one. Returns whether any is. */
export function showErrorsIn(container: Element): boolean {
  const wrong = controlsIn(container).filter((control) => !showErrorOf(control));
  wrong[0]?.focus();
  return wrong.length > 0;
}
