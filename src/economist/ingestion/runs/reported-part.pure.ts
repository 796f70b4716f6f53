/** Unit separator: no file name holds it. */
const SEPARATOR = '\u001f';

/** How a part is named in rejected and repaired rows: unlike any other of its run, and all of a delivery alike. */
export const reportedPart = (deliveryKey: string, partName: string): string =>
  `${deliveryKey.replaceAll(SEPARATOR, ' ')}${SEPARATOR}${partName}`;

/** What the names of all parts of a delivery begin with. */
export const reportedDelivery = (deliveryKey: string): string => reportedPart(deliveryKey, '');

/** As users know it. */
export const partNameOf = (reported: string): string => reported.slice(reported.indexOf(SEPARATOR) + 1);
