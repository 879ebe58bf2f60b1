/** The media type of documents. */
export const pdfType = 'application/pdf';
