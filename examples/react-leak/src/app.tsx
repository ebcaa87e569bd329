import { useState } from "react";
import { PriceChart } from "./price_chart.tsx";

export function App() {
  const [isOpen, setOpen] = useState(false);
  return (
    <main>
      <button type="button" onClick={() => setOpen(!isOpen)}>
        {isOpen ? "Close" : "Open"}
      </button>
      {isOpen && <PriceChart stock="ACME" />}
    </main>
  );
}
